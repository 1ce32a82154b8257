import { unreachable } from '@/lib/invariant';
import type { RunEvent } from '@/lib/run/model';
import type { Journal } from '@/lib/run/ports';

/** Fields first, then the sentence: the form of pino. */
type LogLine = (fields: object, message: string) => void;

/** What the log says of an event: a sentence, and what is worth a field. Run, step and attempt stand in each line. */
function lineOf(event: RunEvent): readonly [object, string] {
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
    case 'stepDone': {
      const { outcome, requestId, durationMs } = event;
      return [{ outcome, requestId, durationMs }, `the step is done: ${outcome}`];
    }
    case 'probed':
      return [{ answer: event.answer }, event.answer.passed ? 'the probe passed' : 'the probe failed'];
    case 'waiting':
      return [{ until: event.until }, `the step waits until ${event.until}`];
    case 'held':
      return [{ reason: event.reason }, `held: ${event.reason.kind}`];
    case 'finished':
      return [{ result: event.result }, `the run is ${event.result}`];
    case 'closed':
      return [{ actor: event.actor }, 'the run is closed'];
    default:
      return unreachable(event);
  }
}

/**
 * A journal that tells of each event once it is written: to the log, so that this reads like the journal, and to
 * `onEvent`. Held runs are warnings, with the run's name in the sentence: they wait for a person.
 */
export function observedJournal(
  journal: Journal,
  run: string,
  log: { readonly info: LogLine; readonly warn: LogLine },
  onEvent: (event: RunEvent) => void,
): Journal {
  return {
    read: journal.read,
    async append(event) {
      await journal.append(event);
      const [fields, sentence] = lineOf(event);
      const line = { event: event.type, direction: event.direction, ...fields };
      if (event.type === 'held') log.warn(line, `${run} is ${sentence}`);
      else log.info(line, sentence);
      onEvent(event);
    },
  };
}
