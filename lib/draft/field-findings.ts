import { worstFirst } from '@/lib/preflight/model/finding-order';
import type { Finding, FindingStatus } from '@/lib/preflight/model/model';
import type { EditorField } from './draft';

/** A finding with the field at which it is shown. */
export type FieldFinding = Omit<Finding, 'field'> & {
  readonly field: EditorField;
  /** The name of the Switch that it is about; null = it is about no single one. */
  readonly name: string | null;
};

/**
 * Returns the findings of one field, worst first. Passes are included only if nothing is wrong, so that a healthy field
 * stays quiet.
 */
export function findingsForField(
  findings: readonly FieldFinding[],
  field: EditorField,
): readonly FieldFinding[] {
  const own = findings.filter((finding) => finding.field === field);
  const wrong = own.filter((finding) => finding.status !== 'pass');
  return worstFirst(wrong.length > 0 ? wrong : own);
}

/** Returns the worst status among findings, or null if nothing was checked. */
export function worstStatus(findings: readonly Pick<Finding, 'status'>[]): FindingStatus | null {
  return worstFirst(findings)[0]?.status ?? null;
}
