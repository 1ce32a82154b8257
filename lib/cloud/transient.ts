import type { CloudErrorData } from './errors';

const away = /^(Network\..+|Http\.(408|5\d\d)|(InternalError|ServiceUnavailable)(\..*)?|Task\.Timeout)$/;

/** Returns true if the failure means that the cloud could not be reached, which is independent of the call itself. */
export function isAway({ code }: Pick<CloudErrorData, 'code'>): boolean {
  return away.test(code);
}

/**
 * Returns true if a failure passes on its own: an outage, a 5xx, a throttle, a busy object, a timeout. Its meaning for
 * a write that was sent is a separate question, which `advice` answers.
 */
export function isTransient(error: Pick<CloudErrorData, 'code' | 'advice'>): boolean {
  return error.advice === 'retry' || isAway(error) || error.code === 'Http.429';
}
