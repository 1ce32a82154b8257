import { stops } from '@/lib/preflight/model/stops';
import type { Draft } from './draft';
import { fieldOrder } from './draft-fields';
import type { FieldFinding } from './field-findings';

/** Returns the blocking findings in the order of the fields. "Go to first block" goes to the first one. */
export function listBlocks(draft: Draft, findings: readonly FieldFinding[]): readonly FieldFinding[] {
  const order = fieldOrder(draft);
  return findings.filter(stops).toSorted((a, b) => order.indexOf(a.field) - order.indexOf(b.field));
}
