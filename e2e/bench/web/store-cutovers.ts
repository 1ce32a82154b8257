import { plans, runAttempts, runEvents, runs } from '@/lib/db/schema';
import type { Cutover } from '@/lib/diversion/cutover';
import { invariant } from '@/lib/invariant';
import { planHash } from '@/lib/plan/model/hash';
import type { StepId } from '@/lib/plan/model/model';
import { PlanId } from '@/lib/plan/model/model';
import { planDiversion } from '@/lib/plan/plan-diversion';
import type { Direction, RunEvent } from '@/lib/run/model/model';
import { RunId } from '@/lib/run/model/run-id';
import { serverContext } from '@/lib/store/context';
import { testEstate, testSplit } from '@/testing/plan/test-estate';

/** In addition to those of the last month, which have ended. */
const diverted = 2;
/** Rounds of measurements of each: an hour of hold. */
const rounds = 720;
const dayMs = 86_400_000;

const end = (at: string, direction: Direction, stepId: StepId): readonly RunEvent[] => [
  { type: 'intent', stepId, action: 'ModifyRule', attempt: 1, at, direction },
  { type: 'accepted', stepId, requestId: `request-of-${stepId}`, taskId: null, at, direction },
  { type: 'stepDone', stepId, outcome: 'applied', requestId: null, durationMs: 700, at, direction },
];

/** Stores ended cutovers, as workers leave them, and some that hold; no worker runs, so they stay unchanged. */
export async function storeCutovers(
  connectionId: string,
  ended: number,
): Promise<{ readonly ended: string; readonly diverted: string; readonly plan: string }> {
  const { db } = (await serverContext()).database;
  const planned = planDiversion({
    estate: testEstate({ connectionId }),
    diversion: testSplit(),
    keepAliveS: 75,
  });
  invariant(planned.ok, 'the test estate has everything that the Split names');
  const plan = planned.value;
  const hash = await planHash(plan);
  const stored = { ended: '', diverted: '', plan: '' };
  for (let nth = 0; nth < ended + diverted; nth += 1) {
    const isDiverted = nth >= ended;
    const began = Date.now() - (isDiverted ? 3_600_000 : ((nth + 1) * 30 * dayMs) / ended);
    const at = new Date(began).toISOString();
    const t1 = new Date(began + (isDiverted ? 30 : 1) * 3_600_000).toISOString();
    const cutover: Cutover = {
      t0: at,
      t1,
      prewarmS: 60,
      zone: 'UTC',
      missedT0: { kind: 'skip' },
      guards: [],
    } as const;
    const [row] = await db
      .insert(plans)
      .values({ connectionId, plan, findings: [], hash, createdBy: 'bench', createdAt: new Date(began) })
      .returning({ id: plans.id });
    const planId = PlanId.parse(row?.id);
    const [run] = await db
      .insert(runs)
      .values({ planId, cutover, createdBy: 'bench', createdAt: new Date(began) })
      .returning({ id: runs.id });
    const runId = RunId.parse(run?.id);
    await db.insert(runAttempts).values({ runId, attempt: 1, direction: 'apply', actor: 'bench' });
    const probe = plan.steps.find(({ kind }) => kind === 'probe') ?? plan.steps[0];
    invariant(probe, 'the plan has steps');
    const sample = {
      at,
      measures: { errorRate: 0.2, latency: 31 },
      probes: [{ stepId: probe.id, passed: true, latencyMs: 31, status: '200', failure: null }],
    };
    const apply = { at, direction: 'apply' } as const;
    const events: readonly RunEvent[] = [
      { type: 'started', actor: 'bench', attempt: 1, ...apply },
      { type: 'passed', gate: 'T0', latenessMs: 8, ...apply },
      ...plan.steps.flatMap(({ id }) => end(at, 'apply', id)),
      { type: 'gate', gate: 'T1', due: t1, ...apply },
      ...Array.from({ length: rounds }, (): RunEvent => ({ type: 'watched', sample, ...apply })),
    ];
    const back: readonly RunEvent[] = [
      { type: 'rollback', why: { kind: 'T1' }, at: t1, direction: 'rollback' },
      ...plan.rollback.flatMap(({ id }) => end(t1, 'rollback', id)),
      { type: 'finished', result: 'rolledBack', at: t1, direction: 'rollback' },
    ];
    const all = isDiverted ? events : [...events, ...back];
    await db.insert(runEvents).values(all.map((event) => ({ runId, event })));
    if (isDiverted) stored.diverted = runId;
    else stored.ended = runId;
    stored.plan = planId;
  }
  return stored;
}
