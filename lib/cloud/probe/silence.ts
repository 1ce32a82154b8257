import { CloudError } from '@/lib/cloud/errors';
import { isTransient } from '@/lib/cloud/transient';

/** Codes of connections that were not established or broke. https://nodejs.org/api/errors.html#common-system-errors */
const silentCodes: readonly unknown[] = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'EPIPE',
  'ETIMEDOUT',
];
/** The names of errors caused by an `AbortSignal`. */
const endedNames: readonly string[] = ['AbortError', 'TimeoutError'];

/**
 * Returns true if an error means that nothing answered, rather than that something answered wrongly: a certificate that
 * does not match, or a response that is not HTTP, is an answer.
 */
export function isSilence(cause: unknown): boolean {
  if (cause instanceof CloudError) return isTransient(cause.data);
  if (!(cause instanceof Error)) return false;
  const hasSilentCode = 'code' in cause && silentCodes.includes(cause.code);
  return cause instanceof NoAnswerError || endedNames.includes(cause.name) || hasSilentCode;
}

/** Thrown when no server answered a query in time. */
export class NoAnswerError extends Error {}
