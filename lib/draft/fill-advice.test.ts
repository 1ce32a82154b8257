import { describe, expect, it } from 'vitest';
import { toDraft } from '@/lib/diversion/to-draft';
import { testSplit } from '@/testing/plan/test-estate';
import { fillAdvice, writeWarm } from './fill-advice';

const draft = toDraft(testSplit());
const fill = (warm: readonly string[], prewarm: string | null = null) => fillAdvice(draft, { warm, prewarm });
const warm = [writeWarm('ap-singapore', 'flash/storefront', 120)];

describe('advice in the address of the editor', () => {
  it('sets the instances of the functions and the lead of prewarm, and says so', () => {
    const { draft: filled, notes } = fill(warm, '1500');
    const counts = filled.routes.flatMap((route) => (route.to === 'function' ? [route.provisioned] : []));
    expect(counts).toEqual([120]);
    expect(filled.prewarmS).toBe(1500);
    expect(notes).toEqual([
      { message: 'advice', values: { warm: 'ap-singapore/flash/storefront: 120', lead: '25 min' } },
    ]);
  });

  it('sets functions of one name in two regions to numbers of their own, and the same again if it is used twice', () => {
    const [own] = draft.routes.filter((route) => route.to === 'function');
    if (own?.to !== 'function') return expect.fail('the Split has a function');
    const other = { ...own, function: { ...own.function, region: 'ap-tokyo' } };
    const advice = { warm: [...warm, writeWarm('ap-tokyo', 'flash/storefront', 30)], prewarm: '600' };
    const once = fillAdvice({ ...draft, routes: [own, other] }, advice);
    expect(once.draft.routes).toMatchObject([{ provisioned: 120 }, { provisioned: 30 }]);
    return expect(fillAdvice(once.draft, advice)).toEqual(once);
  });

  it('sets the routes of further names of a Switch, too', () => {
    const own = draft.routes.filter(({ to }) => to === 'function');
    const { draft: filled } = fillAdvice({ ...draft, ownRoutes: own }, { warm, prewarm: null });
    expect(filled.ownRoutes).toMatchObject([{ provisioned: 120 }]);
  });

  it.each(['x', '-5', '1e3', ''])('leaves out the lead %o', (lead) => {
    expect(fill(warm, lead)).toMatchObject({
      draft: { prewarmS: null },
      notes: [{ values: { lead: 'none' } }],
    });
  });

  it('says that a diversion does not use the function that the advice is about', () => {
    expect(fill([writeWarm('ap-singapore', 'flash/other', 5)], '600')).toEqual({
      draft,
      notes: [{ message: 'adviceElsewhere', values: { functions: 'ap-singapore/flash/other' } }],
    });
  });

  it.each([
    'ap-singapore/flash/storefront:',
    'ap-singapore/flash/storefront:0',
    'flash/storefront:5',
    'ap-singapore/flash/storefront:5x',
    '',
  ])('leaves the draft as it is for %o', (text) => {
    expect(fill([text], '600')).toEqual({ draft, notes: [] });
  });
});
