// @vitest-environment happy-dom
import { beforeEach, expect, it, vi } from 'vitest';
import type { Kind } from '@/lib/draft/draft';
import { toDraft } from '@/testing/components/test-draft';
import { testSplit, testSwitch } from '@/testing/plan/test-estate';
import { dropDraft, keepDraft, loadDrafts } from './draft-store';

const load = async (name: string, kind: Kind) => (await loadDrafts(name))[kind];

const split = toDraft(testSplit());
beforeEach(() => sessionStorage.clear());

it('returns a stored draft by kind and connection', async () => {
  const toggled = toDraft(testSwitch({ ramp: [10, 100] }));
  keepDraft('a', split);
  keepDraft('a', toggled);
  expect([await load('a', 'split'), await load('a', 'switch')]).toEqual([split, toggled]);
  expect([await load('b', 'split'), await load('a', 'access')]).toEqual([undefined, undefined]);
  dropDraft('a', 'split');
  expect([await load('a', 'split'), await load('a', 'switch')]).toEqual([undefined, toggled]);
});

it('returns a draft with invalid numbers', async () => {
  const [cvm, fn] = split.routes;
  const target = { instanceId: 'ins-1', port: Number.NaN, weight: 10 };
  const addTargets = [target, { eniIp: '10.0.', port: 80, weight: 10 }];
  keepDraft('a', { ...split, routes: [{ ...cvm, addTargets }, fn] as typeof split.routes });
  expect((await load('a', 'split'))?.routes[0]).toMatchObject({ addTargets });
});

it('returns nothing for the format of another build', async () => {
  sessionStorage.setItem('spillway.draft.a.split', '{"kind":"split","laneA":{}}');
  expect(await load('a', 'split')).toBeUndefined();
  sessionStorage.setItem('spillway.draft.a.split', 'no JSON');
  expect(await load('a', 'split')).toBeUndefined();
});

it('works without a store if the browser refuses one', async () => {
  const refuse = () => {
    throw new DOMException('The operation is insecure.', 'SecurityError');
  };
  vi.stubGlobal('sessionStorage', { getItem: refuse, setItem: refuse, removeItem: refuse });
  expect(() => keepDraft('a', split)).not.toThrow();
  expect(await load('a', 'split')).toBeUndefined();
  vi.unstubAllGlobals();
});
