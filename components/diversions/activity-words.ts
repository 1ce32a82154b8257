import type { ActivityEntry } from '@/lib/contract/diversion';
import { unreachable } from '@/lib/invariant';
import type { BakeGap, RunEvent } from '@/lib/run/model/model';

/** The filter groups of the activity log. */
export const activityFilters = ['all', 'people', 'calls', 'problems'] as const;
export type ActivityFilter = (typeof activityFilters)[number];

const callEvents: readonly RunEvent['type'][] = [
  'intent',
  'accepted',
  'callFailed',
  'stepDone',
  'retrying',
  'recovered',
];

/** Returns whether an event is a failure. */
export function isProblem(entry: ActivityEntry): boolean {
  if (entry.kind === 'planned') return entry.blocks > 0;
  if (entry.kind === 'breach') return true;
  if (entry.kind !== 'run') return false;
  const { event } = entry;
  switch (event.type) {
    case 'callFailed':
    case 'blocked':
    case 'stopped':
    case 'missed':
    case 'retrying':
    case 'refused':
      return true;
    case 'probed':
      return !event.answer.passed;
    case 'checked':
      return event.problems.length > 0;
    case 'rollback':
      return event.why.kind === 'guard' || event.why.kind === 'missedT0';
    case 'baked':
      return event.gap !== undefined;
    default:
      return false;
  }
}

/** Returns whether an entry matches a filter. Rounds of measures are excluded: they are in the run's charts. */
export function fitsFilter(entry: ActivityEntry, filter: ActivityFilter): boolean {
  if (entry.kind === 'run' && entry.event.type === 'watched') return false;
  switch (filter) {
    case 'all':
      return true;
    case 'people':
      return entry.actor !== null;
    case 'calls':
      return entry.kind === 'run' && callEvents.includes(entry.event.type);
    case 'problems':
      return isProblem(entry);
    default:
      return unreachable(filter);
  }
}

type Words = { readonly key: string; readonly values?: Readonly<Record<string, string | number>> };

/** Returns the text of an entry: a message key below `diversions.activity.event`, with its values. */
export function entryWords(entry: ActivityEntry): Words {
  switch (entry.kind) {
    case 'created':
    case 'discarded':
    case 'acknowledgedStuck':
      return { key: entry.kind };
    case 'recurrence':
      return { key: 'recurrence', values: { change: entry.change } };
    case 'planned':
      return { key: 'planned', values: { revision: entry.revision } };
    case 'breakGlass':
    case 'declined':
    case 'approvalRequested':
    case 'commented':
      return { key: entry.kind };
    case 'approved':
    case 'approvalWithdrawn':
      return { key: entry.kind, values: { name: entry.name } };
    case 'acknowledged':
      return { key: 'acknowledged', values: { alert: entry.alert } };
    case 'breach':
      return { key: 'breach', values: { measure: entry.breach.guard.measure } };
    case 'requested':
      return { key: entry.direction === 'apply' ? 'requestedApply' : 'requestedRollback' };
    case 'run':
      return { key: entry.event.type, values: eventValues(entry.event) };
    default:
      return unreachable(entry);
  }
}

function eventValues(event: RunEvent): Readonly<Record<string, string | number>> {
  switch (event.type) {
    case 'intent':
      return { action: event.action };
    case 'callFailed':
      return { code: event.error.code };
    case 'blocked':
      return { code: event.reason.error.code, count: event.tries };
    case 'stepDone':
      return { outcome: event.outcome };
    case 'probed':
      return { passed: event.answer.passed ? 'yes' : 'no' };
    case 'gate':
    case 'passed':
      return { gate: event.gate };
    case 'checked':
      return { count: event.problems.length };
    case 'command':
    case 'refused':
      return { command: event.command };
    case 'finished':
      return { result: event.result };
    default:
      return {};
  }
}

/**
 * Returns the details of an entry: message keys below `diversions.activity` with their values, and external texts
 * unchanged.
 */
export function entryDetails(entry: ActivityEntry): readonly (Words | string)[] {
  if (entry.kind === 'requested')
    return [{ key: 'attempt', values: { number: entry.attempt } }, ...quote(entry.reason)];
  if ('text' in entry) return quote(entry.text);
  if (entry.kind === 'approved' || entry.kind === 'approvalWithdrawn') return quote(entry.comment);
  if (entry.kind === 'acknowledged' || entry.kind === 'acknowledgedStuck' || entry.kind === 'recurrence')
    return quote(entry.reason);
  if (entry.kind === 'breach')
    return entry.failed.map(({ name, failure }) => (failure ? `${name}: ${failure}` : name));
  if (entry.kind !== 'run') return [];
  const { event } = entry;
  const request = (id: string | null | undefined) => (id ? [{ key: 'request', values: { id } }] : []);
  switch (event.type) {
    case 'started':
    case 'intent':
      return [{ key: 'attempt', values: { number: event.attempt } }];
    case 'accepted':
      return [
        ...request(event.requestId),
        ...(event.taskId ? [{ key: 'task', values: { id: event.taskId } }] : []),
      ];
    case 'callFailed':
      return [event.error.message, ...request(event.error.requestId)];
    case 'retrying':
      return event.cause.kind === 'cloudError'
        ? [event.cause.error.code, ...request(event.cause.error.requestId)]
        : [event.cause.answer.address];
    case 'stepDone':
      return [{ key: 'took', values: { durationMs: event.durationMs } }, ...request(event.requestId)];
    case 'probed':
      return [event.answer.address, ...(event.answer.failure === null ? [] : [event.answer.failure])];
    case 'stopped':
      return event.reason.kind === 'cloudError'
        ? [event.reason.error.code, ...request(event.reason.error.requestId)]
        : [];
    case 'passed':
      return [{ key: 'late', values: { durationMs: event.latenessMs } }];
    case 'missed':
      return [{ key: 'late', values: { durationMs: event.lateMs } }];
    case 'paused':
    case 'continued':
    case 'bakeSkipped':
    case 'command':
    case 'closed':
      return quote(event.reason);
    case 'baked':
      return listGap(event.gap);
    case 'rescheduled':
      return [...listClockChanges(event), ...quote(event.reason)];
    case 'rollback':
      return event.why.kind === 'command' ? quote(event.why.reason) : event.why.kind === 'T1' ? ['T1'] : [];
    default:
      return [];
  }
}

function quote(reason: string | undefined): readonly Words[] {
  return reason ? [{ key: 'reason', values: { reason } }] : [];
}

/** Returns the gap in a bake's measurements. */
function listGap(gap: BakeGap | undefined): readonly Words[] {
  if (gap === undefined) return [];
  if (gap.kind === 'unguarded') return [{ key: 'unguarded' }];
  return gap.measures.map((measure) => ({ key: `unread.${measure}` }));
}

/** Returns the changed times: values named `from` and `to` are instants. */
function listClockChanges({ from, to }: Extract<RunEvent, { type: 'rescheduled' }>): readonly Words[] {
  if (to === null) return [{ key: 'clockAtOnce', values: { from: from.t0 } }];
  const t0 = from.t0 === to.t0 ? [] : [{ key: 'clockT0', values: { from: from.t0, to: to.t0 } }];
  if (from.t1 === to.t1) return t0;
  if (from.t1 === null || to.t1 === null)
    return [
      ...t0,
      from.t1 === null ? { key: 'clockT1Set', values: { to: to.t1 ?? '' } } : { key: 'clockT1Gone' },
    ];
  return [...t0, { key: 'clockT1', values: { from: from.t1, to: to.t1 } }];
}
