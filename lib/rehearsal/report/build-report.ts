import type { CapacityCost } from '@/lib/capacity/prices/capacity-cost';
import type { RehearsalInput } from '@/lib/rehearsal/input';
import type { GivenCommand } from '@/lib/rehearsal/run/rehearsal-run';
import { type FollowedMove, type Moves, movedParts } from '@/lib/rehearsal/traffic/moves';
import type { RunEvent, RunView } from '@/lib/run/model/model';
import { type ClientErrors, leastFailed } from './client-errors';
import { judgeCommands, listCommandEntries } from './judge-commands';
import { judgeFaults, type PastFault } from './judge-faults';
import { judgeGoals } from './judge-goals';
import { listChanges } from './list-changes';
import { listErrors } from './list-errors';
import { codeHold, codeRollback, listTimeline } from './list-timeline';
import { type Recorder, rounded } from './recorder';
import type { Convergence, RehearsalReport, TimelineEntry } from './report';

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
  const convergence = { apply: toConvergence(moves.apply, t0Ms), revert: toConvergence(moves.revert, t0Ms) };
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
      rollback: view.rollback === null ? null : codeRollback(view.rollback.why),
      held: view.held === null ? null : codeHold(view.held.reason),
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
