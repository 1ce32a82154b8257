import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';

type Values = Readonly<Record<string, string | number>>;
type RichValues = Readonly<Record<string, string | number | ((text: ReactNode) => ReactNode)>>;

/** A translator whose keys are plain strings. */
export type AnyKeyTranslator = {
  (key: string, values?: Values): string;
  rich(key: string, values?: RichValues): ReactNode;
  has(key: string): boolean;
};

/**
 * Returns a translator for keys that come as data: from checks, steps or the server. The type checker can't know these;
 * tests prove that each has a text.
 */
export function useAnyKey(namespace?: Parameters<typeof useTranslations>[0]): AnyKeyTranslator {
  return useTranslations(namespace) as unknown as AnyKeyTranslator;
}

/**
 * Returns a function that formats keys from a schema or an action. `below` are the namespaces to search, in order of
 * priority; a key that none of them has is already a sentence and is shown as it is.
 */
export function useMessage(...below: readonly string[]): (key: string, values?: Values) => string {
  const t = useAnyKey();
  return (key, values = {}) => {
    const found = [...below.map((namespace) => `${namespace}.${key}`), key].find((path) => t.has(path));
    return found === undefined ? key : t(found, values);
  };
}
