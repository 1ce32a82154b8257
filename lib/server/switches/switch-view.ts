import type { SwitchPreview, SwitchSidesView, SwitchSideView, SwitchView } from '@/lib/contract/switch';
import type { connections, switches } from '@/lib/db/schema';
import { buildRamp, type RampShape } from '@/lib/diversion/ramp';
import { functionRoutes, movedDomain } from '@/lib/diversion/routes';
import { buildFlip, type SwitchDiversion, type SwitchSide } from '@/lib/diversion/switch';
import { getAddress, leadsTo } from '@/lib/estate/dns-target';
import { listAddressRecords } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import { failoverScript } from '@/lib/plan/failover-script/failover-script';
import type { OriginalTtl } from '@/lib/plan/model/model';
import type { ResolvedRoute } from '@/lib/plan/model/resolve-route';
import { findSides, otherSide, servingSide } from '@/lib/plan/model/switch-sides';
import { planDiversion } from '@/lib/plan/plan-diversion';
import type { Conditions } from '@/lib/preflight/model/conditions';
import type { Finding } from '@/lib/preflight/model/model';
import { stops } from '@/lib/preflight/model/stops';
import { preflightInTurns } from '@/lib/preflight/preflight';
import { failingVantages } from '@/lib/run/model/failover';

/** Returns the share of a side among the active records on the default line, in %. */
function getLaneShare(estate: Estate, lane: ResolvedRoute): number {
  const on = listAddressRecords(estate, lane.hostName).filter((r) => r.enabled && r.type !== 'AAAA');
  const isWeighted = on.length > 0 && on.every((r) => (r.weight ?? 0) > 0);
  const weight = (r: (typeof on)[number]) => (isWeighted ? (r.weight ?? 0) : 1);
  const total = on.reduce((sum, r) => sum + weight(r), 0);
  const own = on.filter((r) => leadsTo(r, lane.loadBalancer)).reduce((sum, r) => sum + weight(r), 0);
  return total === 0 ? 0 : Math.round((own / total) * 100);
}

function getServedTtl(estate: Estate, domain: string): number {
  const on = listAddressRecords(estate, domain).filter((record) => record.enabled);
  return Math.max(0, ...on.map((record) => record.ttlS));
}

function sideView(estate: Estate, lane: ResolvedRoute, label: string): SwitchSideView {
  const { loadBalancer, rule } = lane;
  return {
    label,
    loadBalancerId: loadBalancer.id,
    address: getAddress(loadBalancer) ?? null,
    share: getLaneShare(estate, lane),
    bound: rule === undefined ? 0 : rule.targets.length + rule.functions.length,
  };
}

/** Returns the findings of a move to the side that does not serve now; none if the sides are gone. */
export async function checkMove({
  estate,
  diversion,
  originalTtls,
  conditions,
}: Pick<SwitchRead, 'originalTtls' | 'conditions'> & {
  readonly estate: Estate;
  readonly diversion: SwitchDiversion;
}): Promise<readonly Finding[]> {
  const sides = findSides(estate, diversion);
  if (sides === null) return [];
  const intent = buildFlip(diversion, otherSide(servingSide(estate, sides)));
  return preflightInTurns({ estate, diversion: intent, originalTtls, conditions });
}

type Moving = Pick<SwitchRead, 'keepAliveS' | 'conditions' | 'originalTtls'>;

async function preview(
  estate: Estate,
  diversion: SwitchDiversion,
  { toward, share, keepAliveS, conditions, originalTtls }: { toward: SwitchSide; share: number } & Moving,
): Promise<SwitchPreview> {
  const intent = buildFlip(diversion, toward);
  const countWrites = (shape: RampShape) => {
    // The bake time does not affect the number of calls.
    const ramp = buildRamp(shape, { share, bakeS: 0 });
    const planned = planDiversion({ estate, diversion: { ...intent, ramp }, keepAliveS, originalTtls });
    return planned.ok ? planned.value.steps.filter((step) => step.kind === 'write').length : 0;
  };
  const findings = await preflightInTurns({ estate, diversion: intent, originalTtls, conditions });
  return {
    writes: { flip: countWrites('flip'), careful: countWrites('careful'), even: countWrites('even') },
    blocks: findings.filter(stops),
  };
}

async function viewSides({
  estate,
  diversion,
  ...moving
}: {
  readonly estate: Estate | null;
  readonly diversion: SwitchDiversion;
} & Moving): Promise<SwitchSidesView> {
  const sides = estate && findSides(estate, diversion);
  if (estate === null || sides === null) return { serving: null, sides: null, previews: null };
  const fn = functionRoutes(diversion)[0]?.route.function;
  const cvm = sideView(estate, sides.cvm, sides.cvm.loadBalancer.name);
  const label = fn ? `${fn.namespace}/${fn.name}:${fn.qualifier}` : '';
  const other = sideView(estate, sides.function, label);
  const previewMove = (toward: SwitchSide, { share }: SwitchSideView) =>
    preview(estate, diversion, { toward, share, ...moving });
  return {
    serving: servingSide(estate, sides),
    sides: { cvm, function: other },
    previews: { cvm: await previewMove('cvm', cvm), function: await previewMove('function', other) },
  };
}

export type SwitchRead = {
  readonly row: typeof switches.$inferSelect;
  readonly connection: typeof connections.$inferSelect;
  /** The newest snapshot of its connection; null before the first sync. */
  readonly estate: Estate | null;
  /** The last run that moved it. */
  readonly lastRun: SwitchView['lastRun'];
  /** The most approvals that a manual move may need. */
  readonly approvals: number;
  readonly keepAliveS: number;
  /** The conditions of its connection for an immediate move. */
  readonly conditions: Conditions;
  /** The TTLs that earlier runs have lowered and not restored. */
  readonly originalTtls: readonly OriginalTtl[];
};

/** Builds the view of a Switch: what its sides serve now, their health, and the cost of a move. */
export async function switchView({
  row,
  connection,
  estate,
  lastRun,
  approvals,
  keepAliveS,
  conditions,
  originalTtls,
}: SwitchRead): Promise<SwitchView> {
  const { policy } = row;
  const diversion = row.diversion;
  const domain = movedDomain(diversion);
  const script =
    estate && failoverScript({ estate, diversion, policy, originalTtls, keepAliveS, findings: [] });
  const sides = await viewSides({ estate, diversion, keepAliveS, conditions, originalTtls });
  const receiving = sides.serving && sides.previews?.[otherSide(sides.serving)];
  return {
    id: row.id,
    name: diversion.name,
    domain,
    connectionId: connection.id,
    connectionName: connection.name,
    connectionKind: connection.kind,
    footprint: {
      connections: [row.connectionId, ...row.scopeConnections],
      regions: row.scopeRegions,
      domains: row.scopeDomains,
    },
    state: row.state,
    setBy: row.setBy,
    setAt: row.setAt.toISOString(),
    movedAt: row.movedAt?.toISOString() ?? null,
    policy,
    rounds: row.rounds,
    failing: failingVantages(policy, row.rounds),
    noScript: script?.ok
      ? (receiving?.blocks.length ?? 0) > 0
        ? 'switch.script.blocked'
        : null
      : `switch.script.${script?.error ?? 'neverRead'}`,
    approvals,
    decision: row.decision,
    estateTakenAt: estate?.takenAt ?? null,
    ttlS: estate ? getServedTtl(estate, domain) : 0,
    ...sides,
    lastRun,
  };
}
