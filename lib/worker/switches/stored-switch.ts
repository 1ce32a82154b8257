import type { switches } from '@/lib/db/schema';
import { FailoverPolicy } from '@/lib/diversion/failover';
import { SwitchDiversion } from '@/lib/diversion/switch';
import { StoredValueError } from '@/lib/worker/loop/work-loop';

type Row = Pick<typeof switches.$inferSelect, 'diversion' | 'policy'>;

type Parsed<T> =
  | { readonly success: true; readonly data: T }
  | {
      readonly success: false;
      readonly error: { readonly issues: readonly { readonly path: PropertyKey[] }[] };
    };

function orRefuse<T>(parsed: Parsed<T>, column: keyof Row, whatToDo: string): T {
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(({ path }) => [column, ...path].map(String).join('.'));
  throw new StoredValueError(
    `the stored values of ${[...new Set(fields)].join(', ')} break the rules: nothing is probed and nothing fails over; ${whatToDo}`,
  );
}

/**
 * Reads a Switch's stored diversion, by the current rules: an earlier version, or a manual change, may have broken
 * them.
 * @throws StoredValueError that names the fields and says what to do
 */
export function readDiversion({ diversion }: Pick<Row, 'diversion'>): SwitchDiversion {
  const parsed = SwitchDiversion.safeParse(diversion);
  return orRefuse(parsed, 'diversion', 'remove this Switch and add it again');
}

/**
 * Reads a Switch's failover policy.
 * @throws StoredValueError that names the fields and says what to do
 */
export function readFailoverPolicy({ policy }: Pick<Row, 'policy'>): FailoverPolicy {
  const whatToDo = 'arm failover again on the page Switches with valid values';
  return orRefuse(FailoverPolicy.safeParse(policy), 'policy', whatToDo);
}
