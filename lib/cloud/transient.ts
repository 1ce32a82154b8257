import type { CloudErrorData } from './errors';

const away = /^(Network\..+|Http\.(408|5\d\d)|(InternalError|ServiceUnavailable)(\..*)?|Task\.Timeout)$/;

/** Returns whether the failure says that the cloud, or the way to it, was away: nothing about the call itself. */
export function isAway({ code }: Pick<CloudErrorData, 'code'>): boolean {
  return away.test(code);
}

/**
 * Returns whether a failure passes by itself: an outage, a 5xx, a throttle, a busy object, a timeout. What it says about a
 * write that was sent is another question, which `advice` answers.
 */
export function isTransient(error: Pick<CloudErrorData, 'code' | 'advice'>): boolean {
  return error.advice === 'retry' || isAway(error) || error.code === 'Http.429';
}
