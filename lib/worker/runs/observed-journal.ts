import { and, asc, eq, type SQL, sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { reconnectingForRun } from '@/lib/db/reconnecting';
import { runEvents } from '@/lib/db/schema';
import { storable } from '@/lib/input/outside-text';
import { unreachable } from '@/lib/invariant';
import type { RunEvent } from '@/lib/run/model/model';
import type { Journal } from '@/lib/run/steps/ports';
import { type RunFence, RunTakenOverError } from './run-fence';

/** Fields first, then the sentence, as pino expects. */
type LogLine = (fields: object, message: string) => void;

/**
 * Returns the log line of an event: a sentence, and fields for the values to search by. Every line has run, step and
 * attempt.
 */
function logLine(event: RunEvent): readonly [object, string] {
  switch (event.type) {
    case 'started':
      return [{ actor: event.actor }, 'the run has started'];
    case 'intent':
      return [{ action: event.action, try: event.attempt }, `${event.action} is about to be sent`];
    case 'accepted':
      return [{ requestId: event.requestId, taskId: event.taskId }, 'the cloud accepted the call'];
    case 'callFailed': {
      const { code, action, requestId, advice } = event.error;
      return [{ code, action, requestId, advice }, `${action} failed: ${code}`];
    }
    case 'retrying': {
      const { cause, since, everyMs } = event;
      const what =
        cause.kind === 'cloudError' ? `${cause.error.action}: ${cause.error.code}` : 'a probe: no answer';
      return [{ cause, since, everyMs }, `retrying ${what} since ${since}`];
    }
    case 'recovered':
      return [{ since: event.since }, `what was retried since ${event.since} has answered`];
    case 'stepDone': {
      const { outcome, requestId, durationMs, keptWeights = [] } = event;
      const kept = keptWeights.map(({ type, value, weight }) => `${weight} on ${type} ${value}`).join(', ');
      const note = kept === '' ? '' : `; DNSPod keeps the weight ${kept}, the shares are right`;
      return [{ outcome, requestId, durationMs }, `the step is done: ${outcome}${note}`];
    }
    case 'probed':
      return [{ answer: event.answer }, event.answer.passed ? 'the probe passed' : 'the probe failed'];
    case 'waiting':
      return [{ until: event.until }, `the step waits until ${event.until}`];
    case 'blocked':
      return [
        { reason: event.reason, tries: event.tries, retryAt: event.retryAt },
        `the rollback is blocked and is tried again at ${event.retryAt}`,
      ];
    case 'stopped':
      return [{ reason: event.reason }, `stopped: ${event.reason.kind}`];
    case 'gate':
      return [{ gate: event.gate, due: event.due }, `the run waits for ${event.gate} at ${event.due}`];
    case 'passed':
      return [{ gate: event.gate, latenessMs: event.latenessMs }, `${event.gate} has come`];
    case 'checked':
      return [{ problems: event.problems }, `checked again: ${event.problems.length} problems`];
    case 'missed':
      return [{ lateMs: event.lateMs }, 'T0 was missed; a person decides'];
    case 'paused':
      return [{ actor: event.actor, why: event.reason }, 'the run is paused'];
    case 'continued':
      return [{ actor: event.actor, why: event.reason }, 'the run continues'];
    case 'baking':
      return [{ until: event.until }, `the step bakes until ${event.until}`];
    case 'baked':
      return [{}, 'the step is baked'];
    case 'bakeSkipped':
      return [{ actor: event.actor, why: event.reason }, 'the bake is skipped'];
    case 'watched':
      return [{ sample: event.sample }, 'the moved traffic was measured'];
    case 'command':
      return [
        { command: event.command, actor: event.actor, why: event.reason },
        `${event.command} was received`,
      ];
    case 'refused':
      return [
        { command: event.command, actor: event.actor },
        `${event.command} came too late: ${event.state}`,
      ];
    case 'rollback':
      return [{ why: event.why }, `the run rolls back: ${event.why.kind}`];
    case 'finished':
      return [{ result: event.result }, `the run is ${event.result}`];
    case 'rescheduled':
      return [{ actor: event.actor, why: event.reason }, 'the run has another schedule'];
    case 'closed':
      return [{ actor: event.actor }, 'the run is closed'];
    default:
      return unreachable(event);
  }
}

/**
 * Wraps a journal so that it reports each written event to the log, which therefore reads like the journal, and to
 * `onEvent`. Stops are warnings with the run's name in the sentence, because they need an operator.
 */
export function observedJournal(
  journal: Journal,
  run: string,
  log: { readonly info: LogLine; readonly warn: LogLine },
  onEvent: (event: RunEvent) => void,
): Journal {
  return {
    read: journal.read,
    readAll: journal.readAll,
    async append(event) {
      await journal.append(event);
      const [fields, sentence] = logLine(event);
      const line = { event: event.type, direction: event.direction, ...fields };
      const waits = event.type === 'stopped' || event.type === 'missed';
      if (waits) log.warn(line, `${run} is ${sentence}`);
      else log.info(line, sentence);
      onEvent(event);
    },
  };
}

/**
 * Returns the journal of one run in the database, for one execution: an event is written only while that execution is
 * the latest. The row with the fencing number stays locked until the event is stored, so the next worker to claim the
 * run reads it. An event may be written twice when its connection breaks; folding tolerates that. Text that can't be stored
 * is replaced: an error of our own, which stops the run, may quote any.
 * @throws RunTakenOverError from `append`, with nothing written, if another worker has claimed the run
 */
export function databaseJournal(db: Database, fence: RunFence): Journal {
  const { runId, number } = fence;
  const readEvents = (which?: SQL) =>
    reconnectingForRun(async () => {
      const rows = await db
        .select({ event: runEvents.event })
        .from(runEvents)
        .where(and(eq(runEvents.runId, runId), which))
        .orderBy(asc(runEvents.id));
      return rows.map((row) => row.event);
    });
  return {
    append: async (event) => {
      const { rows } = await reconnectingForRun(() =>
        db.execute(sql`
          with mine as (select id from run where id = ${runId} and fence = ${number} for share)
          insert into run_event (run_id, event) select id, ${JSON.stringify(storable(event))}::jsonb from mine
          returning id`),
      );
      if (rows.length === 0) throw new RunTakenOverError(fence);
    },
    read: () => readEvents(sql`${runEvents.event}->>'type' <> 'watched'`),
    readAll: () => readEvents(),
  };
}
