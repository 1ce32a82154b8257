import 'server-only';
import { asc, eq } from 'drizzle-orm';
import type { SwitchboardView, SwitchPreview, SwitchSideView, SwitchView } from '@/lib/client/views';
import { connections, switches } from '@/lib/db/schema';
import { type RampShape, rampOf } from '@/lib/diversion/ramp-shapes';
import type { SwitchDiversion, SwitchSide } from '@/lib/diversion/switch';
import { addressRecordsOf, leadsTo } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import { planSwitch } from '@/lib/plan/plan-switch';
import type { ResolvedLane } from '@/lib/plan/resolve-lane';
import { type Sides, servingSide, sidesOf } from '@/lib/plan/switch-sides';
import { preflight, stops } from '@/lib/preflight/preflight';
import { failingVantages } from '@/lib/run/failover';
import { foldRun } from '@/lib/run/fold-run';
import { serverContext } from './context';
import { loadRun } from './load-run';
import { newestEstate } from './newest-estate';
import { readPolicies } from './read-policies';

/** The share of a side among the records that answer on the default line, in %. */
function shareOf(estate: Estate, lane: ResolvedLane): number {
  const on = addressRecordsOf(estate, lane.hostName).filter((r) => r.enabled && r.type !== 'AAAA');
  const isWeighted = on.length > 0 && on.every((r) => (r.weight ?? 0) > 0);
  const weight = (r: (typeof on)[number]) => (isWeighted ? (r.weight ?? 0) : 1);
  const total = on.reduce((sum, r) => sum + weight(r), 0);
  const own = on.filter((r) => leadsTo(r, lane.loadBalancer)).reduce((sum, r) => sum + weight(r), 0);
  return total === 0 ? 0 : Math.round((own / total) * 100);
}

function ttlOf(estate: Estate, domain: string): number {
  const on = addressRecordsOf(estate, domain).filter((record) => record.enabled);
  return Math.max(0, ...on.map((record) => record.ttlS));
}

function sideView(estate: Estate, lane: ResolvedLane, label: string): SwitchSideView {
  const { loadBalancer, rule } = lane;
  return {
    label,
    loadBalancerId: loadBalancer.id,
    address: loadBalancer.domain ?? loadBalancer.vips[0] ?? null,
    share: shareOf(estate, lane),
    bound: rule === undefined ? 0 : rule.targets.length + rule.functions.length,
  };
}

function preview(
  estate: Estate,
  diversion: SwitchDiversion,
  { toward, share, keepAliveS }: { toward: SwitchSide; share: number; keepAliveS: number },
): SwitchPreview {
  const intent: SwitchDiversion = { ...diversion, toward, ramp: [{ percent: 100, bakeS: 0 }] };
  const writesOf = (shape: RampShape) => {
    // How long a bake takes makes no call more or less.
    const ramp = rampOf(shape, { share, bakeS: 0 });
    const planned = planSwitch({ estate, diversion: { ...intent, ramp }, keepAliveS });
    return planned.ok ? planned.value.steps.filter((step) => step.kind === 'write').length : 0;
  };
  return {
    writes: { flip: writesOf('flip'), careful: writesOf('careful'), even: writesOf('even') },
    blocks: preflight({ estate, diversion: intent }).filter(stops),
  };
}

/** The switchboard: each Switch with what its sides serve now, how they are, and what a move would take. */
export async function getSwitchboard(): Promise<SwitchboardView> {
  const { database, settings } = await serverContext();
  const { db } = database;
  const rows = await db
    .select({ row: switches, connection: connections })
    .from(switches)
    .innerJoin(connections, eq(connections.id, switches.connectionId))
    .orderBy(asc(switches.id));
  const keepAliveS = settings.SPILLWAY_KEEP_ALIVE_S;
  const policies = await readPolicies(db);
  const views = rows.map(async ({ row, connection }): Promise<SwitchView> => {
    const estate = await newestEstate(db, row.connectionId);
    const sides = estate && sidesOf(estate, row.diversion);
    const last = row.lastRunId === null ? null : await loadRun(db, row.lastRunId);
    const run = last && foldRun(last);
    const { domain, function: fn } = row.diversion.laneB;
    const previewOf = (toward: SwitchSide, known: Estate, both: Sides) =>
      preview(known, row.diversion, { toward, share: shareOf(known, both[toward]), keepAliveS });
    return {
      id: row.id,
      name: row.diversion.name,
      domain,
      connectionId: connection.id,
      connectionName: connection.name,
      connectionKind: connection.kind,
      state: row.state,
      setBy: row.setBy,
      setAt: row.setAt.toISOString(),
      movedAt: row.movedAt?.toISOString() ?? null,
      policy: row.policy,
      rounds: row.rounds,
      failing: failingVantages(row.policy, row.rounds),
      approvals: policies.find(({ kind }) => kind === connection.kind)?.policy.approvals ?? 0,
      decision: row.decision,
      estateTakenAt: estate?.takenAt ?? null,
      ttlS: estate ? ttlOf(estate, domain) : 0,
      serving: estate && sides ? servingSide(estate, sides) : null,
      sides:
        estate && sides
          ? {
              cvm: sideView(estate, sides.cvm, sides.cvm.loadBalancer.name),
              function: sideView(estate, sides.function, `${fn.namespace}/${fn.name}:${fn.qualifier}`),
            }
          : null,
      previews:
        estate && sides
          ? {
              cvm: previewOf('cvm', estate, sides),
              function: previewOf('function', estate, sides),
            }
          : null,
      lastRun: run && { id: run.id, state: run.state, actor: run.actor },
    };
  });
  return { now: new Date().toISOString(), switches: await Promise.all(views) };
}
