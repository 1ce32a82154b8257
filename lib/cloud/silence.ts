import { CloudError } from './errors';
import { isTransient } from './transient';

/** Codes of connections that did not come about or broke. https://nodejs.org/api/errors.html#common-system-errors */
const silentCodes: readonly unknown[] = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'EPIPE',
  'ETIMEDOUT',
];
/** Of what an `AbortSignal` ends. */
const endedNames: readonly string[] = ['AbortError', 'TimeoutError'];

/**
 * Returns whether an error says that nothing answered, rather than that something answered wrongly: a certificate that does
 * not fit, or what is not HTTP, is an answer.
 */
export function isSilence(cause: unknown): boolean {
  if (cause instanceof CloudError) return isTransient(cause.data);
  if (!(cause instanceof Error)) return false;
  const hasSilentCode = 'code' in cause && silentCodes.includes(cause.code);
  return cause instanceof NoAnswerError || endedNames.includes(cause.name) || hasSilentCode;
}

/** Nobody answered a question of ours in time. */
export class NoAnswerError extends Error {}
