import type { Problem, RollbackReason, RunEvent, StopReason } from '@/lib/run/model/model';
import type { TimelineEntry } from './report';

type Values = TimelineEntry['values'];
type Coded = { readonly code: string; readonly values: Values };

/** The most entries of a timeline; the oldest and the newest are kept. */
const entriesMax = 600;

/** Events that say nothing to readers, or come by the thousand. */
const left: ReadonlySet<RunEvent['type']> = new Set<RunEvent['type']>(['watched', 'intent', 'accepted']);

/** Words the reason of a rollback as a code. */
export function codeRollback(why: RollbackReason): Coded {
  switch (why.kind) {
    case 'guard':
      return { code: 'guard', values: { measure: why.breach.guard.measure, value: why.breach.value } };
    case 'missedT0':
      return { code: 'missedT0', values: { lateMs: why.lateMs } };
    case 'T1':
    case 'command':
      return { code: why.kind, values: {} };
  }
}

/** Names the first problem of a plan with its values, such as the safety rule. */
function codeProblem([first]: readonly Problem[]): Values {
  return { ...first?.values, problem: first?.kind ?? '' };
}

/** Words the reason of a stop as a code. */
export function codeStop(reason: StopReason): Coded {
  switch (reason.kind) {
    case 'drift':
    case 'notEffective':
      return { code: reason.kind, values: { object: reason.object.kind } };
    case 'cloudError':
      return { code: reason.kind, values: { error: reason.error.code, action: reason.error.action } };
    case 'probeFailed':
      return { code: reason.kind, values: { failure: reason.answer.failure ?? '' } };
    case 'guard':
      return {
        code: reason.kind,
        values: { measure: reason.breach.guard.measure, value: reason.breach.value },
      };
    case 'invalid':
      return { code: reason.kind, values: codeProblem(reason.problems) };
    case 'internal':
      return { code: reason.kind, values: { message: reason.message } };
  }
}

/** Returns the values of an event that its text needs. */
function listValues(event: RunEvent): Values {
  switch (event.type) {
    case 'callFailed':
      return { error: event.error.code, action: event.error.action };
    case 'retrying':
      return event.cause.kind === 'cloudError'
        ? { error: event.cause.error.code, since: event.since }
        : { error: 'noAnswer', since: event.since };
    case 'recovered':
      return { since: event.since };
    case 'stepDone':
      return { outcome: event.outcome, durationMs: event.durationMs };
    case 'probed':
      return { passed: event.answer.passed ? 1 : 0, failure: event.answer.failure ?? '' };
    case 'waiting':
    case 'baking':
      return { until: event.until };
    case 'blocked':
      return { error: event.reason.error.code, count: event.tries };
    case 'stopped': {
      const { code, values } = codeStop(event.reason);
      return { ...values, reason: code };
    }
    case 'rollback': {
      const { code, values } = codeRollback(event.why);
      return { ...values, reason: code };
    }
    case 'gate':
      return { gate: event.gate, due: event.due };
    case 'passed':
      return { gate: event.gate, latenessMs: event.latenessMs };
    case 'checked':
      return { problems: event.problems.length, ...codeProblem(event.problems) };
    case 'missed':
      return { lateMs: event.lateMs };
    case 'command':
      return { command: event.command };
    case 'refused':
      return { command: event.command, state: event.state };
    case 'finished':
      return { result: event.result };
    default:
      return {};
  }
}

/** Returns the events of a run for the report, and the number of those that it leaves out, by type. */
export function listTimeline(
  events: readonly RunEvent[],
  t0Ms: number,
  faults: readonly TimelineEntry[],
): { readonly timeline: readonly TimelineEntry[]; readonly omitted: Readonly<Record<string, number>> } {
  const omitted: Record<string, number> = {};
  const omit = (code: string) => {
    omitted[code] = (omitted[code] ?? 0) + 1;
  };
  const own = events.flatMap((event): readonly TimelineEntry[] => {
    if (left.has(event.type)) {
      omit(event.type);
      return [];
    }
    const stepId = 'stepId' in event ? event.stepId : null;
    const atS = (Date.parse(event.at) - t0Ms) / 1000;
    const { at, direction, type: code } = event;
    return [{ at, atS, direction, code, stepId, values: listValues(event) }];
  });
  const all = [...own, ...faults].toSorted((a, b) => a.atS - b.atS);
  if (all.length <= entriesMax) return { timeline: all, omitted };
  for (const { code } of all.slice(entriesMax / 2, -entriesMax / 2)) omit(code);
  return { timeline: [...all.slice(0, entriesMax / 2), ...all.slice(-entriesMax / 2)], omitted };
}
