import { useAnyKey } from '@/lib/messages/use-any-key';

type Values = Readonly<Record<string, string | number>>;

/** Returns a function that replaces the id of a check in a text's values by its display name. */
export function useCheckName(): (values?: Values) => Values {
  const checks = useAnyKey('preflight.check');
  return (values = {}) => {
    const { check } = values;
    return typeof check === 'string' && checks.has(check) ? { ...values, check: checks(check) } : values;
  };
}
