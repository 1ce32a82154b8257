import { beforeEach, describe, expect, it } from 'vitest';
import { toDraft } from '@/lib/diversion/to-draft';
import type { CheckedDraft } from '@/lib/draft/answers/answer-draft';
import { emptyDraft } from '@/lib/draft/draft';
import { readDraftJson, writeDraftJson } from '@/lib/draft/draft-json';
import { draftQuestionMax } from '@/lib/input/import-limits';
import { invariant } from '@/lib/invariant';
import { getPlan } from '@/lib/server/plans/get-plan';
import { draftRoute } from '@/lib/server/route';
import { testEstate, testSplit } from '@/testing/plan/test-estate';
import { testContext } from '@/testing/server/test-context';
import { saveDraft } from './change-diversions';
import { checkDraft, listDraftOptions, openDraft, readForCreating } from './check-draft';

const context = testContext();
beforeEach(async () => {
  await context.clear();
  await context.connect('test');
});

const handlers = {
  check: draftRoute(draftQuestionMax, checkDraft),
  options: draftRoute(draftQuestionMax, listDraftOptions),
  creating: draftRoute(draftQuestionMax, readForCreating),
};

/** Sends the request as the page does. */
async function ask(question: unknown, post = handlers.check) {
  const body = typeof question === 'string' ? question : writeDraftJson(question);
  const headers = { 'content-type': 'application/json' };
  const answer = await post(new Request('http://localhost/', { method: 'POST', headers, body }));
  return { status: answer.status, body: readDraftJson(await answer.text()) };
}
const draft = toDraft(testSplit());

describe('a check of a draft', () => {
  it('returns the same plan and findings that are stored when its plan is created', async () => {
    const { status, body } = await ask({ connectionId: 'test', draft, changes: [] });
    const { preview } = body as CheckedDraft;
    expect(status).toBe(200);
    const stored = await getPlan((await context.plan()).id);
    const steps = preview.plan.state === 'ready' ? preview.plan.plan.steps : [];
    expect(steps).toEqual(stored?.plan.steps);
    const count = (status: string, findings: readonly { status: string }[] = []) =>
      findings.filter((each) => each.status === status).length;
    for (const each of ['block', 'warn', 'unknown'])
      expect([each, count(each, preview.findings)]).toEqual([each, count(each, stored?.findings)]);
  });

  it('applies the changes of the page first, and keeps invalid numbers', async () => {
    const empty = { ...emptyDraft('split', 'New'), lowerTtlS: Number.NaN };
    const changes = [{ kind: 'domain', index: 0, domain: 'shop.example.co.id' }];
    const { body } = await ask({ connectionId: 'test', draft: empty, changes });
    expect((body as CheckedDraft).draft).toMatchObject({
      lowerTtlS: Number.NaN,
      routes: [{ loadBalancerId: 'lb-cvm', rule: { kind: 'existing', ruleId: 'loc-shop' } }, {}],
    });
  });

  it('includes a function that the page has deployed after the snapshot', async () => {
    const [fn] = testEstate().functions;
    invariant(fn !== undefined, 'the estate has a function');
    const { region, namespace, runtime, handler, memoryMb, timeoutS } = fn;
    const choice = { region, namespace, name: 'hello', qualifier: '1' };
    const facts = { region, namespace, name: 'hello', runtime, handler, memoryMb, timeoutS };
    const asked = toDraft(testSplit({ function: choice }));
    const isBlocked = async (deployed: readonly object[]) => {
      const { body } = await ask({ connectionId: 'test', draft: asked, changes: [], deployed });
      return (body as CheckedDraft).preview.findings.some(
        ({ field, status }) => field === 'routes.1.function' && status === 'block',
      );
    };
    expect(await isBlocked([])).toBe(true);
    expect(await isBlocked([{ ...facts, version: '1', at: '2026-12-11T15:00:00.000Z' }])).toBe(false);
  });

  it.each([
    ['no JSON', '{', 400],
    ['no draft', { connectionId: 'test' }, 400],
    ['an unknown change', { connectionId: 'test', draft, changes: [{ kind: 'drop', index: 0 }] }, 400],
    [
      'a patch of a field that no fix has',
      { connectionId: 'test', draft, changes: [{ kind: 'fix', patch: { field: 'name', value: 'x' } }] },
      400,
    ],
    [
      'too many changes',
      {
        connectionId: 'test',
        draft,
        changes: Array.from({ length: 51 }, () => ({ kind: 'settle', index: 0 })),
      },
      400,
    ],
    [
      'too many routes',
      { connectionId: 'test', draft: { ...draft, routes: Array(41).fill(draft.routes[0]) } },
      400,
    ],
    ['a body that is too large', `"${'x'.repeat(draftQuestionMax)}"`, 413],
    ['an account without a snapshot', { connectionId: 'nowhere', draft, changes: [] }, 404],
  ])('is refused with %s', async (_what, question, status) => {
    expect((await ask(question)).status).toBe(status);
  });
});

describe('a question about options', () => {
  const { creates } = draft;
  const of = { kind: 'loadBalancer', to: 'function' };
  const options = (question: object) =>
    ask({ connectionId: 'test', creates, of, search: '', limit: 50, ...question }, handlers.options);

  it('is answered with a part of them, and the number of all', async () => {
    const { status, body } = await options({ limit: 1 });
    expect(status).toBe(200);
    expect(body).toMatchObject({ options: [{ value: 'lb-cvm', label: 'lb-cvm' }], total: 2 });
    expect((await options({ search: 'scf' })).body).toMatchObject({
      options: [{ value: 'lb-scf' }],
      total: 1,
    });
  });

  it.each([
    ['of no field', { of: { kind: 'everything' } }, 400],
    ['without end', { limit: 1_000_000 }, 400],
    ['of an account without a snapshot', { connectionId: 'nowhere' }, 404],
  ])('is refused %s', async (_what, question, status) => {
    expect((await options(question)).status).toBe(status);
  });
});

describe('a question of a dialog that creates something', () => {
  const about = (of: object) => ask({ connectionId: 'test', creates: draft.creates, of }, handlers.creating);

  it('is answered with what has the name already, and nothing else', async () => {
    const taken = await about({ kind: 'loadBalancer', region: 'ap-singapore', name: 'lb-cvm' });
    expect(taken.body).toMatchObject({
      loadBalancers: [{ id: 'lb-cvm' }],
      listeners: [],
      rules: [],
      vpcs: [],
    });
    const free = await about({ kind: 'loadBalancer', region: 'ap-singapore', name: 'lb-free' });
    expect(free.body).toMatchObject({ loadBalancers: [] });
    const places = await about({ kind: 'places' });
    expect(places.body).toMatchObject({ regions: testEstate().regions, loadBalancers: [] });
  });

  it('names the rules that call the function of that name', async () => {
    const [fn] = testEstate().functions;
    invariant(fn !== undefined, 'the estate has a function');
    const { region, namespace, name } = fn;
    const { body } = await about({ kind: 'function', region, namespace, name });
    expect(body).toMatchObject({ functions: [{ name }] });
    expect((await about({ kind: 'function', region, namespace, name: 'free' })).body).toMatchObject({
      functions: [],
      rules: [],
    });
  });
});

describe('the draft that the editor opens with', () => {
  const names = { split: 'New Split', access: 'New Access', switch: 'New Switch' };
  const nothing = { connection: null, kind: null, domain: null, rule: null, function: null, field: null };
  const place = { connectionId: 'test', others: [], diversionId: null, names };

  it('has the content that the address requests, checked', async () => {
    const opened = await openDraft({ ...place, asked: { ...nothing, domain: 'shop.example.co.id' } });
    expect(opened?.estate.loadBalancers.map(({ id }) => id)).toEqual(['lb-scf']);
    expect(opened).toMatchObject({
      isFilled: true,
      draft: { name: 'New Split', routes: [{}, { domain: 'shop.example.co.id' }] },
      preview: { plan: { state: 'incomplete' } },
    });
    expect((await openDraft({ ...place, asked: nothing }))?.draft).toEqual(emptyDraft('split', 'New Split'));
  });

  it('is that of the diversion that is edited', async () => {
    const saved = await saveDraft({ connectionId: 'test', diversionId: null, draft });
    const diversionId = saved.ok ? saved.value.diversionId : null;
    const opened = await openDraft({ ...place, diversionId, asked: nothing });
    expect(opened).toMatchObject({ isFilled: true, draft, preview: { plan: { state: 'ready' } } });
  });

  it('returns null while the account has no snapshot', async () => {
    expect(await openDraft({ ...place, connectionId: 'nowhere', asked: nothing })).toBeNull();
  });
});
