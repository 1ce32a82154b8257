import type { switches } from '@/lib/db/schema';
import { FailoverPolicy } from '@/lib/diversion/failover';
import { SwitchDiversion } from '@/lib/diversion/switch';
import { readStored } from '@/lib/worker/loop/work-loop';

type Row = Pick<typeof switches.$inferSelect, 'diversion' | 'policy'>;

const nothing = 'nothing is probed and nothing fails over';

/**
 * Reads a Switch's stored diversion by the current rules: an earlier version, or a manual change, may have made it
 * invalid.
 * @throws StoredValueError with the fields and the fix
 */
export function readDiversion({ diversion }: Pick<Row, 'diversion'>): SwitchDiversion {
  const parsed = SwitchDiversion.safeParse(diversion);
  return readStored(parsed, 'diversion', `${nothing}; remove this Switch and add it again`);
}

/**
 * Reads a Switch's failover policy.
 * @throws StoredValueError with the fields and the fix
 */
export function readFailoverPolicy({ policy }: Pick<Row, 'policy'>): FailoverPolicy {
  const whatToDo = `${nothing}; enable failover again on the page Failover with valid values`;
  return readStored(FailoverPolicy.safeParse(policy), 'policy', whatToDo);
}
