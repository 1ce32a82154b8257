import type { CloudDeps } from '../deps';
import { CloudError } from '../errors';

/** Codes of "this key may not do that": https://www.tencentcloud.com/document/product/1140/51177. */
const notAllowed = /^(AuthFailure|UnauthorizedOperation)(\.|$)/;

/**
 * Reads what a key need not be allowed to read: what it may not counts as unreadable, and is said once in the log. Who
 * runs with fewer rights has fewer figures, not a broken run.
 */
export function unlessForbidden({ log }: Pick<CloudDeps, 'log'>) {
  const said = new Set<string>();
  return async <T>(measure: string, read: () => Promise<T>): Promise<T | null> => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof CloudError) || !notAllowed.test(error.data.code)) throw error;
      if (!said.has(measure)) log.warn({ measure, ...error.data }, 'the key may not read a measure');
      said.add(measure);
      return null;
    }
  };
}
