import { DBOS } from '@dbos-inc/dbos-sdk';
import type { Inbox, Once, RunMessage } from '../steps/ports';
import type { Claim } from './claim';
import { controlTopic } from './work';

/** Runs a step and records its result; a replay reads it back. */
export const once: Once = (name, fn) => DBOS.runStep(fn, { name });

/**
 * The same for a run that may be recovered: a step that runs, instead of being read back, shows that the run has
 * resumed.
 */
export const createOnce =
  (claim: Claim): Once =>
  (name, fn) => {
    const id = DBOS.workflowID;
    return once(name, () => {
      claim.resumed(id);
      return fn();
    });
  };

/**
 * The engine turns a deadline into a duration, and counts that from when its database has answered twice. A wait
 * therefore ends too late by that time, some 100 ms where many runs begin to wait at once. So the engine waits until a
 * little before the instant, and the clock covers the rest; on replay it is already over.
 */
const waitedByClockMs = 500;

async function listenUntil(until: Date): Promise<RunMessage | null> {
  const early = await DBOS.recv<RunMessage>(controlTopic, {
    deadlineEpochMS: until.getTime() - waitedByClockMs,
  });
  if (early !== null) return early;
  for (let leftMs = until.getTime() - Date.now(); leftMs > 0; leftMs = until.getTime() - Date.now())
    await new Promise((resolve) => setTimeout(resolve, Math.min(leftMs, waitedByClockMs)));
  // A message that arrived in between.
  return DBOS.recv<RunMessage>(controlTopic, { timeoutSeconds: 0 });
}

export const createInbox = (claim: Claim): Inbox => ({
  take(until) {
    if (until === null) return DBOS.recv<RunMessage>(controlTopic, { timeoutSeconds: 0 });
    if (until.getTime() > Date.now()) claim.resumed(DBOS.workflowID);
    return listenUntil(until);
  },
});
