import 'server-only';
import type { DnsRecord, Estate } from '@/lib/estate/model';

type Kept<Value> = { readonly records: readonly DnsRecord[]; readonly value: Value };

const hasSame = (a: readonly DnsRecord[], b: readonly DnsRecord[]) =>
  a === b ||
  (a.length === b.length &&
    a.every((record, nth) => record === b[nth] || JSON.stringify(record) === JSON.stringify(b[nth])));

/**
 * Returns a function that derives a value from an estate once per cached snapshot. All readers of a snapshot share its
 * rules; only records differ, by the writes of runs.
 */
export function deriveOnce<Value>(derive: (estate: Estate) => Value): (estate: Estate) => Value {
  const known = new WeakMap<Estate['rules'], Kept<Value>>();
  return (estate) => {
    const kept = known.get(estate.rules);
    if (kept !== undefined && hasSame(kept.records, estate.records)) return kept.value;
    const value = derive(estate);
    known.set(estate.rules, { records: estate.records, value });
    return value;
  };
}
