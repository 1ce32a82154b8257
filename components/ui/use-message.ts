'use client';

import { useAnyKey, type Values } from '@/lib/messages/use-any-key';

/**
 * Returns a function that formats keys from a schema or an action. `below` are the namespaces to search, in order of
 * priority; a key that none of them contains is already a sentence and is shown unchanged.
 */
export function useMessage(...below: readonly string[]): (key: string, values?: Values) => string {
  const t = useAnyKey();
  return (key, values = {}) => {
    const path = [...below.map((namespace) => `${namespace}.${key}`), key].find((each) => t.has(each));
    return path === undefined ? key : t(path, values);
  };
}
