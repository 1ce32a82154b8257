// @vitest-environment happy-dom
import { cleanup, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { RailCounts } from '@/components/shell/rail-counts';
import type { DriftedView, DriftView } from '@/lib/contract/drift';
import { readPath } from '@/lib/contract/reads';
import type { ObjectRef, ObjectState } from '@/lib/estate/object';
import { buildRoutes } from '@/lib/estate/topology/build-routes';
import { groupRoutes, type TopologyNode } from '@/lib/estate/topology/node';
import { invariant } from '@/lib/invariant';
import { PlanId } from '@/lib/plan/model/model';
import { RunId } from '@/lib/run/model/run-id';
import { testTopologyEstate } from '@/testing/components/test-estate';
import { renderPage } from '@/testing/components/test-page';
import { testRail } from '@/testing/components/test-rail';
import { DetailDrift, driftOfNode } from './detail-drift';
import { PastProvider } from './is-past';

const { nodes } = groupRoutes(buildRoutes(testTopologyEstate));
const findNode = <K extends TopologyNode['kind']>(kind: K) => {
  const found = nodes.find((node) => node.kind === kind);
  invariant(found !== undefined, `the estate has a ${kind}`);
  return found as Extract<TopologyNode, { kind: K }>;
};
const warm = nodes.find((node) => node.kind === 'backend' && node.backend.kind === 'scf');
invariant(warm?.kind === 'backend' && warm.backend.kind === 'scf', 'the estate has a function');

const by = {
  planId: PlanId.parse('P-1'),
  runId: RunId.parse('R-0398'),
  name: 'sale',
  leftAt: '2026-11-24T14:00:00.000Z',
};
const drifted = (object: ObjectRef): DriftedView => ({
  key: object.kind,
  object,
  mark: 'aa',
  by,
  accepted: null,
  since: null,
  restore: { kind: 'plan' },
  expected: { kind: 'provisioned', instances: 400 } as ObjectState,
  found: { kind: 'provisioned', instances: 350 } as ObjectState,
  who: { actors: [], trail: { state: 'notSearched' } },
});

const host = findNode('host');
const [zone] = testTopologyEstate.zones;
const { rule } = findNode('rule');
const { listener } = findNode('listener');
const { loadBalancer, region } = findNode('loadBalancer');
const { namespace, name, region: fnRegion } = warm.backend;
const all: readonly DriftedView[] = [
  {
    kind: 'recordSet',
    zone: zone?.name ?? '',
    lineId: '0',
    line: '',
    subdomain: host.host.slice(0, -(zone?.name.length ?? 0) - 1),
  } as ObjectRef,
  { ...rule, kind: 'rule', region: 'any' } as ObjectRef,
  { ...listener, kind: 'listener', region: 'any' } as ObjectRef,
  { kind: 'loadBalancer', region, name: loadBalancer.name } as ObjectRef,
  { kind: 'provisioned', region: fnRegion, namespace, name, qualifier: '1' } as ObjectRef,
].map(drifted);

it.each([
  ['recordSet', host],
  ['rule', findNode('rule')],
  ['listener', findNode('listener')],
  ['loadBalancer', findNode('loadBalancer')],
  ['provisioned', warm],
] as const)('finds the %s of a node', (kind, node) => {
  expect(driftOfNode(all, node).map(({ object }) => object.kind)).toEqual([kind]);
});

async function show(count: number, isPast = false) {
  const view: DriftView = { takenAt: '', watched: 1, unknown: [], accepted: [], drifted: all };
  const counts = testRail({ drifted: { here: count } });
  const asked = vi.fn();
  vi.stubGlobal('fetch', async (input: string) => {
    asked(input);
    return Response.json(input === readPath('navigation.count', undefined) ? counts : view);
  });
  invariant(warm !== undefined, 'the estate has a function');
  renderPage(
    <RailCounts initial={counts}>
      <PastProvider value={isPast}>
        <DetailDrift node={warm} connectionId="here" />
      </PastProvider>
    </RailCounts>,
  );
  return asked;
}
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

it('shows expected and found state beside a node, and links to the list', async () => {
  await show(1);
  expect(await screen.findByText('Drift since run R-0398')).toBeTruthy();
  expect(screen.getByText('400 warm instances')).toBeTruthy();
  expect(screen.getByText('350 warm instances')).toBeTruthy();
  expect(screen.getByRole('link', { name: 'Review drift' }).getAttribute('href')).toBe(
    '/drift?connection=here',
  );
});

it.each([
  ['nothing has drifted', 0, false],
  ['the estate is of the past', 1, true],
] as const)('requests and shows nothing if %s', async (_name, count, isPast) => {
  const asked = await show(count, isPast);
  expect(asked.mock.calls.filter(([input]) => input === readPath('drift.get', 'here'))).toEqual([]);
  expect(screen.queryByText(/Drift since/)).toBeNull();
});
