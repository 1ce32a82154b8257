import { describe, expect, it } from 'vitest';
import { applyChange } from '@/lib/draft/apply-change';
import { carryOver } from '@/lib/draft/carry-over';
import { changeRoute } from '@/lib/draft/change-routes';
import { type Draft, emptyDraft, type Kind } from '@/lib/draft/draft';
import { addRoute, removeRoutes } from '@/lib/draft/edit-routes';
import { chooseDomain, chooseLoadBalancer } from '@/lib/draft/route-choices';
import { toDraft } from '@/testing/components/test-draft';
import { testEstate, testSplit, testSwitch } from '@/testing/plan/test-estate';

const estate = testEstate();
const split = toDraft(testSplit());
const defaultName = (kind: Kind) => `New ${kind}`;
/** Returns the draft of another kind, with what the server adds to it. */
async function carried(from: Draft, kind: Kind, before?: Draft): Promise<Draft> {
  const { draft, changes } = carryOver(from, kind, { before, nameOf: defaultName });
  let now = draft;
  for (const change of changes) now = await applyChange({ estate, keepAliveS: 75 }, now, change);
  return now;
}
const listSides = (draft: Draft) => draft.routes.map(({ to }) => to);
const listDomains = (draft: Draft) => draft.routes.map(({ domain }) => domain);

describe('an added route', () => {
  it('starts as a copy of the last one on its side, with a path still to name and its own key', () => {
    const draft = addRoute(split, 1);
    const [, first, added] = draft.routes;
    expect(added).toMatchObject({
      to: 'function',
      domain: 'flash.example.co.id',
      loadBalancerId: 'lb-scf',
      rule: { kind: 'new', url: '' },
      function: { name: 'storefront' },
      expectedBody: 'Hello CLB',
    });
    expect(new Set(draft.routes.map(({ key }) => key)).size).toBe(3);
    expect(first).toEqual(split.routes[1]);
  });

  it('does not copy added targets', () => {
    const [cvm] = split.routes;
    const target = { instanceId: 'ins-1', port: 80, weight: 10 };
    const draft = { ...split, routes: [{ ...cvm, addTargets: [target] } as Draft['routes'][number]] };
    expect(addRoute(draft, 0).routes[1]).toMatchObject({ addTargets: [] });
  });

  it('can be removed again', () => {
    expect(removeRoutes(addRoute(split, 0), [1])).toEqual(split);
  });
});

describe('the routes of a Switch', () => {
  const draft = addRoute(toDraft(testSwitch()), 1);

  it('all use the domain', () => {
    const moved = changeRoute(estate, draft, 0, (route) => chooseDomain(estate, route, 'shop.example.co.id'));
    expect(new Set(listDomains(moved))).toEqual(new Set(['shop.example.co.id']));
    expect(moved.routes[0]?.rule).toEqual({ kind: 'existing', ruleId: 'loc-shop' });
  });

  it('share the load balancer of their side and do not affect the other side', () => {
    const moved = changeRoute(estate, draft, 1, (route) => chooseLoadBalancer(estate, route, 'lb-cvm'));
    expect(moved.routes.map(({ loadBalancerId }) => loadBalancerId)).toEqual(['lb-cvm', 'lb-cvm', 'lb-cvm']);
    const back = changeRoute(estate, moved, 1, (route) => chooseLoadBalancer(estate, route, 'lb-scf'));
    expect(back.routes.map(({ loadBalancerId }) => loadBalancerId)).toEqual(['lb-cvm', 'lb-scf', 'lb-scf']);
  });
});

describe('a draft of another kind', () => {
  it('has the routes of its sides, and restores the others when the kind changes back', async () => {
    const access = await carried(split, 'access');
    expect(listSides(access)).toEqual(['function']);
    expect(access).toMatchObject({ kind: 'access', name: split.name });
    const back = await carried(access, 'split', split);
    expect(back).toEqual(split);
  });

  it('of a Split becomes a Switch of the domain to move', async () => {
    const draft = await carried(split, 'switch');
    expect(listDomains(draft)).toEqual(['flash.example.co.id', 'flash.example.co.id']);
    expect(draft.routes[0]?.rule).toEqual({ kind: 'existing', ruleId: 'loc-flash' });
  });

  it('has a default name until one is set', async () => {
    const draft = emptyDraft('split', defaultName('split'));
    expect((await carried(draft, 'access')).name).toBe('New access');
  });

  it('has no swap in place if it is a Switch', async () => {
    const rule = { kind: 'swap', ruleId: 'loc-flash' } as const;
    const draft = changeRoute(estate, split, 1, (route) => ({ ...route, rule }));
    const { routes } = await carried(draft, 'switch');
    expect(routes[1]?.rule.kind).toBe('existing');
  });

  it('keeps the ramp that the Switch had', async () => {
    const before = { ...toDraft(testSwitch({ ramp: [10, 100] })), name: 'mine' };
    const draft = await carried(split, 'switch', before);
    expect(draft.ramp.map(({ percent }) => percent)).toEqual([10, 100]);
  });

  const first = testSplit().routes[1]?.domain ?? '';
  const waves = [
    { names: [first, 'two.example.co.id'], bakeS: 60 },
    { names: ['three.example.co.id'], bakeS: 60 },
  ];

  it('keeps the waves of a Switch when it becomes a Switch again, and lists what another kind can’t have', async () => {
    const moving = { ...(await carried(split, 'switch')), waves };
    const { draft, lost } = carryOver(moving, 'split', { before: undefined, nameOf: defaultName });
    expect([draft.waves, lost]).toEqual([
      [],
      { kind: 'split', names: ['two.example.co.id', 'three.example.co.id'] },
    ]);
    const back = carryOver(draft, 'switch', { before: moving, nameOf: defaultName });
    expect([back.draft.waves, back.lost]).toEqual([waves, null]);
  });

  it('drops the waves of a Switch when its first name changes, and lists them', async () => {
    const before = { ...(await carried(split, 'switch')), waves };
    const other = changeRoute(estate, split, 1, (route) => ({ ...route, domain: 'other.example.co.id' }));
    const { draft, lost } = carryOver(other, 'switch', { before, nameOf: defaultName });
    expect([draft.waves, lost]).toEqual([
      [],
      { kind: 'switch', names: ['two.example.co.id', 'three.example.co.id'] },
    ]);
  });
});
