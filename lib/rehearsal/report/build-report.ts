import type { CapacityCost } from '@/lib/capacity/prices/capacity-cost';
import type { Cutover } from '@/lib/diversion/cutover';
import type { RehearsalGoals, RehearsalInput } from '@/lib/rehearsal/input';
import type { GivenCommand } from '@/lib/rehearsal/run/rehearsal-run';
import { type FollowedMove, type Moves, movedParts } from '@/lib/rehearsal/traffic/moves';
import type { RunEvent, RunView } from '@/lib/run/model/model';
import { type ClientErrors, leastFailed } from './client-errors';
import { judgeCommands, listCommandEntries } from './judge-commands';
import { judgeFaults, type PastFault } from './judge-faults';
import { listChanges } from './list-changes';
import { codeRollback, codeStop, listTimeline } from './list-timeline';
import { type Recorder, rounded } from './recorder';
import type {
  CommandReport,
  Convergence,
  RehearsalGoalResult,
  RehearsalReport,
  ReportError,
  TimelineEntry,
} from './report';

type Found = { count: number; first: string; last: string; where: string };

function add(found: Map<string, Found>, cause: string, at: string, where: string): void {
  const known = found.get(cause);
  if (known === undefined) found.set(cause, { count: 1, first: at, last: at, where });
  else {
    known.count += 1;
    known.last = at;
  }
}

/** Returns the errors of a rehearsal by cause and by who saw them. */
function listErrors(given: {
  readonly clients: ClientErrors;
  readonly attempts: number;
  readonly events: readonly RunEvent[];
  readonly t0Ms: number;
}): readonly ReportError[] {
  const { clients, attempts, events, t0Ms } = given;
  const probes = new Map<string, Found>();
  const calls = new Map<string, Found>();
  let [sentProbes, sentCalls] = [0, 0];
  for (const event of events) {
    if (event.type === 'intent') sentCalls += 1;
    if (event.type === 'callFailed') add(calls, event.error.code, event.at, event.error.action);
    if (event.type === 'retrying') {
      sentCalls += 1;
      const { cause } = event;
      const [error, where] =
        cause.kind === 'cloudError' ? [cause.error.code, cause.error.action] : ['noAnswer', event.stepId];
      add(calls, error, event.at, where);
    }
    if (event.type === 'probed') {
      sentProbes += 1;
      if (!event.answer.passed) add(probes, event.answer.failure ?? '', event.at, event.stepId);
    }
    if (event.type !== 'watched') continue;
    sentProbes += event.sample.probes.length;
    for (const { passed, failure, stepId } of event.sample.probes)
      if (!passed) add(probes, failure ?? '', event.at, stepId);
  }
  const atS = (at: string) => (Date.parse(at) - t0Ms) / 1000;
  const list = (found: ReadonlyMap<string, Found>, seenBy: ReportError['seenBy'], sent: number) =>
    [...found]
      .map(([cause, { count, first, last, where }]) => ({
        cause,
        seenBy,
        count,
        share: rounded(sent === 0 ? 0 : Math.min(1, count / sent)),
        firstAtS: atS(first),
        lastAtS: atS(last),
        where,
      }))
      .toSorted((a, b) => b.count - a.count || (a.cause < b.cause ? -1 : 1));
  const byClients = clients.list().map(({ cause, count, firstMs, lastMs, host }) => ({
    cause,
    seenBy: 'clients' as const,
    count: rounded(count),
    share: rounded(attempts === 0 ? 0 : count / attempts),
    firstAtS: (firstMs - t0Ms) / 1000,
    lastAtS: (lastMs - t0Ms) / 1000,
    where: host,
  }));
  return [...byClients, ...list(probes, 'probes', sentProbes), ...list(calls, 'run', sentCalls)];
}

/** A run that has ended, as its goals see it. */
type EndedRun = {
  readonly view: RunView;
  readonly cutover: Cutover | null;
  readonly events: readonly RunEvent[];
  readonly commands: readonly Pick<CommandReport, 'answer'>[];
};

/** Returns whether a run has ended as its schedule says: applied and rolled back by T1, or in effect without one. */
function hasEndedAsPlanned({
  view: { state, rollbackReason: rollback },
  cutover,
  events,
}: EndedRun): boolean {
  const hasT1 = cutover !== null && cutover.t1 !== null;
  if (!hasT1) return state === 'done';
  // A run that was stopped before rolls back at T1, too.
  const wasApplied = events.some((event) => event.type === 'gate' && event.gate === 'T1');
  return wasApplied && state === 'rolledBack' && rollback?.why.kind === 'T1';
}

/** The answers to commands after which a run does not end as its schedule says. */
const endings: ReadonlySet<CommandReport['answer']> = new Set(['rolledBack', 'leftAsIs', 'retried']);

const pauses: ReadonlySet<CommandReport['answer']> = new Set(['paused', 'continued']);

/** Returns whether a run has ended as its last command says, or as its schedule does if no command has changed its end. */
function hasEndedWell(run: EndedRun): boolean {
  const { state, rollbackReason: rollback } = run.view;
  switch (run.commands.findLast(({ answer }) => endings.has(answer))?.answer) {
    case 'rolledBack':
      return state === 'rolledBack';
    case 'leftAsIs':
      return state === 'closed';
    default:
      // T1 ends a pause of a run that has applied anything.
      if (run.commands.findLast(({ answer }) => pauses.has(answer))?.answer === 'paused')
        return state === 'rolledBack' ? rollback?.why.kind === 'T1' : state === 'paused';
      return hasEndedAsPlanned(run);
  }
}

function judge(
  kind: RehearsalGoalResult['kind'],
  limit: number | null,
  measured: number | null,
  /** The result where there is nothing to measure. */
  otherwise: boolean,
): readonly RehearsalGoalResult[] {
  if (limit === null) return [];
  return [{ kind, limit, measured, isMet: measured === null ? otherwise : measured <= limit }];
}

/** Returns the result of each goal that has a limit, and whether the run has ended as planned. */
function judgeGoals(
  goals: RehearsalGoals,
  run: EndedRun,
  { totals, convergence, cost }: Pick<RehearsalReport, 'totals' | 'convergence' | 'cost'>,
): readonly RehearsalGoalResult[] {
  const isMoved = convergence.apply.changedAtS !== null;
  const after = convergence.apply.moved.find(({ share }) => share === 0.99)?.afterS ?? null;
  // A worker whose clock is ahead diverts early, which is as wrong as late.
  const isOnTime = goals.latenessMs === null || Math.abs(run.view.latenessMs ?? 0) <= goals.latenessMs;
  const movedAtS = after === null ? null : after + (convergence.apply.changedAtS ?? 0);
  return [
    { kind: 'ended', limit: null, measured: null, isMet: hasEndedWell(run) },
    ...judge('lostShare', goals.lostShare, totals.lostShare, true),
    ...judge('waitP95Ms', goals.waitP95Ms, totals.peakWaitP95Ms, true),
    ...judge('movedWithinS', goals.movedWithinS, movedAtS, !isMoved),
    ...judge('latenessMs', run.cutover === null ? null : goals.latenessMs, run.view.latenessMs, true).map(
      (goal) => ({ ...goal, isMet: isOnTime }),
    ),
    ...judge('cost', goals.cost, cost?.total ?? null, true),
  ];
}

export type ReportParts = {
  readonly input: RehearsalInput;
  readonly times: { readonly startMs: number; readonly t0Ms: number; readonly t1Ms: number | null };
  readonly endedMs: number;
  readonly events: readonly RunEvent[];
  readonly view: RunView;
  readonly recorder: Pick<Recorder, 'totals'> & {
    /** `cost` null = not measured. */
    finish(): Omit<ReturnType<Recorder['finish']>, 'cost'> & { readonly cost: CapacityCost | null };
  };
  readonly errors: ClientErrors;
  readonly moves: Moves;
  readonly faults: readonly PastFault[];
  readonly commands: readonly GivenCommand[];
  readonly hosts: readonly string[];
  /** Absent = simulated requests. */
};

const iso = (ms: number) => new Date(ms).toISOString();

function toConvergence({ changedAtMs, afterMs, drainedAtMs }: FollowedMove, t0Ms: number): Convergence {
  const isDrained = drainedAtMs !== null && !Number.isNaN(drainedAtMs);
  return {
    changedAtS: changedAtMs === null ? null : (changedAtMs - t0Ms) / 1000,
    moved: movedParts.map((share, index) => {
      const ms = afterMs[index] ?? null;
      return { share, afterS: ms === null ? null : ms / 1000 };
    }),
    drainedAtS: isDrained ? (drainedAtMs - t0Ms) / 1000 : null,
  };
}

/** Returns the beginning and the end of each fault as entries of the timeline. */
function listFaultEntries(faults: readonly PastFault[], t0Ms: number): readonly TimelineEntry[] {
  return faults.flatMap(({ fault, atMs, object }): readonly TimelineEntry[] => {
    const values = { kind: fault.kind, amount: fault.amount, object: object ?? '' };
    const entry = (code: string, ms: number): TimelineEntry => ({
      at: iso(ms),
      atS: (ms - t0Ms) / 1000,
      direction: 'apply',
      code,
      stepId: null,
      values,
    });
    const begun = entry('fault', atMs);
    return fault.forS === 0 ? [begun] : [begun, entry('faultEnded', atMs + fault.forS * 1000)];
  });
}

/** Builds the report of a rehearsal that has ended. */
export function buildReport(parts: ReportParts): RehearsalReport {
  const { input, times, endedMs, events, view, recorder, errors, moves, faults, hosts } = parts;
  const { t0Ms, t1Ms, startMs } = times;
  const { series, cost, peakWaitP95S } = recorder.finish();
  const { totals: sums } = recorder;
  const failedBy = [...sums.failedBy]
    .filter(([, count]) => count >= leastFailed)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([cause, count]) => [cause, rounded(count)] as const);
  const totals: RehearsalReport['totals'] = {
    offered: rounded(sums.offered),
    attempts: rounded(sums.attempts),
    served: rounded(sums.served),
    failed: rounded(Math.max(0, sums.attempts - sums.served)),
    lost: rounded(sums.lost),
    pending: rounded(sums.pending),
    lostShare: rounded(sums.offered === 0 ? 0 : sums.lost / sums.offered),
    failedBy: Object.fromEntries(failedBy),
    coldStarts: rounded(sums.coldStarts),
    peakRps: rounded(sums.peakRps),
    peakWaitP95Ms: rounded(peakWaitP95S * 1000),
    peakQueued: rounded(sums.peakQueued),
    peakInstances: rounded(sums.peakInstances),
  };
  const convergence = {
    apply: toConvergence(moves.apply, t0Ms),
    rollback: toConvergence(moves.rollback, t0Ms),
  };
  const shownCost: RehearsalReport['cost'] = cost && {
    currency: cost.currency,
    total: rounded(cost.total),
    low: rounded(cost.low),
    high: rounded(cost.high),
    lines: cost.lines.map(({ item, name, region, quantity, amount }) => ({
      item,
      name,
      region,
      quantity: rounded(quantity),
      amount: rounded(amount),
    })),
    unknown: cost.unknown.map(({ why, of }) => ({ why, of })),
  };
  const commands = judgeCommands(parts.commands, events, errors, t0Ms);
  const goals = judgeGoals(
    input.goals,
    { view, cutover: input.cutover, events, commands },
    {
      totals,
      convergence,
      cost: shownCost,
    },
  );
  const { timeline, omitted } = listTimeline(events, t0Ms, [
    ...listFaultEntries(faults, t0Ms),
    ...listCommandEntries(parts.commands, t0Ms),
  ]);
  return {
    format: 1,
    seed: input.seed,
    startedAt: iso(startMs),
    endedAt: iso(endedMs),
    t0: iso(t0Ms),
    t1: t1Ms === null ? null : iso(t1Ms),
    verdict: goals.every(({ isMet }) => isMet) ? 'met' : 'missed',
    goals: [...goals],
    run: {
      state: view.state,
      latenessMs: view.latenessMs,
      rollback: view.rollbackReason === null ? null : codeRollback(view.rollbackReason.why),
      stopped: view.stopped === null ? null : codeStop(view.stopped.reason),
      events: events.length,
    },
    timeline: [...timeline],
    omitted: { ...omitted },
    series,
    totals,
    errors: [...listErrors({ clients: errors, attempts: sums.attempts, events, t0Ms })],
    convergence,
    cost: shownCost,
    faults: [...judgeFaults(faults, events, errors, t0Ms)],
    commands: [...commands],
    notes: [...(input.conditions?.notes ?? [])],
    changes: [...listChanges({ series, totals, convergence }, goals, view)],
    hosts: [...hosts],
  };
}
