import { DBOS } from '@dbos-inc/dbos-sdk';
import type { Inbox, Once, RunMessage } from '../ports';
import type { TakeUp } from './take-up';
import { controlTopic } from './work';

/** A step whose result is recorded: what comes again reads it back. */
export const once: Once = (name, fn) => DBOS.runStep(fn, { name });

/** The same for a run that may be taken up: a step that is not only read back shows that it goes on. */
export const onceOf =
  (takeUp: TakeUp): Once =>
  (name, fn) => {
    const id = DBOS.workflowID;
    return once(name, () => {
      takeUp.goesOn(id);
      return fn();
    });
  };

/**
 * The engine turns a deadline into a duration, and counts that from when its database has answered twice: for as long as
 * that takes, some 100 ms where many runs begin to wait at once, a wait ends too late. So it waits until a little before
 * the instant, and the rest is waited by the clock: a wait that is replayed finds it gone by.
 */
const waitedByClockMs = 500;

async function listenUntil(until: Date): Promise<RunMessage | null> {
  const early = await DBOS.recv<RunMessage>(controlTopic, {
    deadlineEpochMS: until.getTime() - waitedByClockMs,
  });
  if (early !== null) return early;
  for (let leftMs = until.getTime() - Date.now(); leftMs > 0; leftMs = until.getTime() - Date.now())
    await new Promise((resolve) => setTimeout(resolve, Math.min(leftMs, waitedByClockMs)));
  // What was said in between.
  return DBOS.recv<RunMessage>(controlTopic, { timeoutSeconds: 0 });
}

export const inboxOf = (takeUp: TakeUp): Inbox => ({
  take(until) {
    if (until === null) return DBOS.recv<RunMessage>(controlTopic, { timeoutSeconds: 0 });
    if (until.getTime() > Date.now()) takeUp.goesOn(DBOS.workflowID);
    return listenUntil(until);
  },
});
