import type { Plan, PlanId, WriteStep } from '@/lib/plan/model/model';
import { foldRun, type RunRecord } from './fold-run';
import type { Direction, RunEvent, RunState, Sample } from './model';
import type { RunId } from './run-id';

/** A change that one write of a run made, and whether it was rolled back. */
export type ReportedChange = {
  readonly step: WriteStep;
  readonly doneAt: string;
  /** null = it is still in effect. */
  readonly rolledBackAt: string | null;
  readonly requestIds: readonly string[];
};

/** A probe that a run sent, in a step or in a round of measures. */
export type ReportedProbe = {
  readonly at: string;
  readonly direction: Direction;
  readonly address: string;
  readonly status: string | null;
  readonly latencyMs: number;
  readonly failure: string | null;
};

/** The part of a post-mortem about one run. Times are ISO instants. */
export type RunReport = {
  readonly runId: RunId;
  readonly planId: PlanId;
  readonly plan: Plan;
  readonly state: RunState;
  readonly cutover: RunRecord['cutover'];
  /** The first start: a retry or a rollback does not change it. */
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly latenessMs: number | null;
  /**
   * The period in which clients could reach the destination of the run; null = traffic never moved. `until` includes
   * the TTL of answers that were cached when DNS was rolled back; null = it is in effect.
   */
  readonly window: { readonly from: string; readonly until: string | null } | null;
  readonly changes: readonly ReportedChange[];
  readonly probes: {
    readonly sent: number;
    /** In order. */
    readonly failed: readonly ReportedProbe[];
    readonly slowestMs: number | null;
  };
};

type Done = Extract<RunEvent, { type: 'stepDone' }>;

/** Outcomes of steps that changed something. */
const changing: readonly Done['outcome'][] = ['applied', 'readBack', 'kept'];

function findDone(events: readonly RunEvent[], direction: Direction, step: WriteStep): Done | undefined {
  return events.findLast(
    (event): event is Done =>
      event.type === 'stepDone' &&
      event.direction === direction &&
      event.stepId === step.id &&
      changing.includes(event.outcome),
  );
}

function listChanges({ plan, events }: RunRecord): readonly ReportedChange[] {
  const undoing = new Map(
    plan.rollback.flatMap((step) =>
      step.kind === 'write' && step.undoes ? [[step.undoes, step] as const] : [],
    ),
  );
  return plan.steps.flatMap((step): readonly ReportedChange[] => {
    const done = step.kind === 'write' ? findDone(events, 'apply', step) : undefined;
    if (step.kind !== 'write' || done === undefined) return [];
    const inverse = undoing.get(step.id);
    const undone = inverse === undefined ? undefined : findDone(events, 'rollback', inverse);
    const requestIds = [done, undone].flatMap((each) => each?.requestId ?? []);
    return [{ step, doneAt: done.at, rolledBackAt: undone?.at ?? null, requestIds }];
  });
}

/** Returns when the first call that moves traffic was accepted, and until when clients may have followed it. */
function findWindow({ plan, events }: RunRecord, changes: readonly ReportedChange[]): RunReport['window'] {
  const moves = changes.filter(({ step }) => step.phase === 'divert');
  const ids = new Set(moves.map(({ step }) => step.id));
  const first = events.find(
    (event) =>
      event.direction === 'apply' &&
      (event.type === 'accepted' || event.type === 'stepDone') &&
      ids.has(event.stepId),
  );
  if (first === undefined) return null;
  const ends = moves.map(({ rolledBackAt }) => rolledBackAt);
  if (ends.includes(null)) return { from: first.at, until: null };
  const ttlS = Math.max(0, ...plan.rollback.map((step) => (step.kind === 'drain' ? step.oldTtlS : 0)));
  const isDns = moves.some(({ step }) => step.object.kind === 'recordSet');
  const last = Math.max(...ends.map((at) => Date.parse(at ?? '')));
  return { from: first.at, until: new Date(last + (isDns ? ttlS * 1000 : 0)).toISOString() };
}

function listSampled(
  { at, probes }: Sample,
  direction: Direction,
): readonly (ReportedProbe & { passed: boolean })[] {
  return probes.map(({ stepId, ...probe }) => ({ ...probe, at, direction, address: stepId }));
}

function reportProbes(events: readonly RunEvent[]): RunReport['probes'] {
  const sent = events.flatMap((event): readonly (ReportedProbe & { passed: boolean })[] => {
    if (event.type === 'watched') return listSampled(event.sample, event.direction);
    if (event.type !== 'probed') return [];
    const { passed, status, latencyMs, failure, address } = event.answer;
    return [{ at: event.at, direction: event.direction, passed, status, latencyMs, failure, address }];
  });
  return {
    sent: sent.length,
    failed: sent.filter(({ passed }) => !passed).map(({ passed: _, ...probe }) => probe),
    slowestMs: sent.length === 0 ? null : Math.max(...sent.map(({ latencyMs }) => latencyMs)),
  };
}

/** Returns the post-mortem of a run, from its full journal. */
export function reportRun(run: RunRecord): RunReport {
  const { state, endedAt, latenessMs } = foldRun(run);
  const changes = listChanges(run);
  return {
    runId: run.id,
    planId: run.planId,
    plan: run.plan,
    state,
    cutover: run.cutover,
    startedAt: run.events.find(({ type }) => type === 'started')?.at ?? null,
    endedAt,
    latenessMs,
    window: findWindow(run, changes),
    changes,
    probes: reportProbes(run.events),
  };
}
