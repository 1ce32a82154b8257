import { useTranslations } from 'next-intl';

type Values = Readonly<Record<string, string | number>>;

/**
 * Returns a function that formats keys from a schema or an action. `below` are the namespaces to search, in order of
 * priority; a key that none of them has is already a sentence and is shown as it is.
 */
export function useMessage(...below: readonly string[]): (key: string, values?: Values) => string {
  const t = useTranslations();
  return (key, values = {}) => {
    const found = [...below.map((namespace) => `${namespace}.${key}`), key].find((path) => t.has(path));
    return found === undefined ? key : t(found, values);
  };
}
