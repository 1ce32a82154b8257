// @vitest-environment happy-dom
import { beforeEach, expect, it, vi } from 'vitest';
import { toDraft } from '@/testing/components/test-draft';
import { testSplit, testSwitch } from '@/testing/plan/test-estate';
import { dropDraft, keepDraft, loadDraft } from './draft-store';

const split = toDraft(testSplit());
beforeEach(() => sessionStorage.clear());

it('returns a draft as it was stored, by kind and connection', () => {
  const toggled = toDraft(testSwitch({ ramp: [10, 100] }));
  keepDraft('a', split);
  keepDraft('a', toggled);
  expect([loadDraft('a', 'split'), loadDraft('a', 'switch')]).toEqual([split, toggled]);
  expect([loadDraft('b', 'split'), loadDraft('a', 'access')]).toEqual([null, null]);
  dropDraft('a', 'split');
  expect([loadDraft('a', 'split'), loadDraft('a', 'switch')]).toEqual([null, toggled]);
});

it('returns invalid numbers as invalid, and the rest with them', () => {
  const [cvm, fn] = split.routes;
  const target = { instanceId: 'ins-1', port: Number.NaN, weight: 10 };
  const addTargets = [target, { eniIp: '10.0.', port: 80, weight: 10 }];
  keepDraft('a', { ...split, routes: [{ ...cvm, addTargets }, fn] as typeof split.routes });
  expect(loadDraft('a', 'split')?.routes[0]).toMatchObject({ addTargets });
});

it('returns nothing if another build stored something else', () => {
  sessionStorage.setItem('spillway.draft.a.split', '{"kind":"split","laneA":{}}');
  expect(loadDraft('a', 'split')).toBeNull();
  sessionStorage.setItem('spillway.draft.a.split', 'no JSON');
  expect(loadDraft('a', 'split')).toBeNull();
});

it('continues without a store if the browser refuses one', () => {
  const refuse = () => {
    throw new DOMException('The operation is insecure.', 'SecurityError');
  };
  vi.stubGlobal('sessionStorage', { getItem: refuse, setItem: refuse, removeItem: refuse });
  expect(() => keepDraft('a', split)).not.toThrow();
  expect(loadDraft('a', 'split')).toBeNull();
  vi.unstubAllGlobals();
});
