import { isDeepStrictEqual } from 'node:util';
import type { RunEvent } from '@/lib/run/model/model';
import type { InvariantCheck, Sent } from './witness';

/** A read or decision that is at most this old counts as made right before. */
const justNowMs = 200;

/** 6. An outage never stops a rollback: it is retried for as long as it lasts. */
export const retriesInRollback: InvariantCheck<RunEvent> = (event, { events, outages, nowMs }) => {
  if (event.type !== 'stopped' || event.direction !== 'rollback') return null;
  const { reason } = event;
  const isAway = outages.some(({ fromMs, untilMs }) => nowMs() >= fromMs && nowMs() <= untilMs + justNowMs);
  const isItsFault =
    // What Spillway refuses to send is no answer of an unreachable cloud.
    (reason.kind === 'cloudError' && !reason.error.code.startsWith('Refused.')) ||
    (reason.kind === 'probeFailed' && reason.answer.unanswered === true);
  // A process that starts from the journal repeats the stop reason of an earlier one.
  const isSaidAgain = events
    .slice(0, -1)
    .some((e) => e.type === 'stopped' && isDeepStrictEqual(e.reason, reason));
  return isAway && isItsFault && !isSaidAgain ? `an outage stops the rollback: ${reason.kind}` : null;
};

/** 6. After T1 nothing is applied any more, except what was in flight at T1. */
export const appliesBeforeT1: InvariantCheck<Sent> = ({ step, direction, read, atMs }, witness) => {
  const { t1, frozen, jumps, wallNow } = witness;
  if (t1 === null || direction === 'rollback') return null;
  const sinceMs = read?.atMs ?? atMs;
  const still = frozen.filter((each) => each.atMs >= sinceMs).reduce((sum, each) => sum + each.forMs, 0);
  const jumped = jumps
    .filter((each) => each.atMs >= sinceMs && each.byMs > 0)
    .reduce((sum, each) => sum + each.byMs, 0);
  const lateMs = wallNow().getTime() - t1.getTime();
  return lateMs > justNowMs + still + jumped ? `${step?.id} is sent ${lateMs} ms after T1` : null;
};
