import type { CloudDeps } from '@/lib/cloud/deps';
import { CloudError } from '@/lib/cloud/errors';

/** The codes for missing permissions: https://www.tencentcloud.com/document/product/1140/51177. */
const notAllowed = /^(AuthFailure|UnauthorizedOperation)(\.|$)/;

/**
 * Reads data that the key need not be allowed to read: forbidden data counts as unreadable, and is logged once. Fewer
 * rights mean fewer figures, not a failed run.
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
