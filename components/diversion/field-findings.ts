import { worstFirst } from '@/components/plan/finding-order';
import type { SplitField } from '@/lib/diversion/split';
import type { Finding, FindingStatus } from '@/lib/preflight/model';
import { stops } from '@/lib/preflight/preflight';
import { fieldOrder, isFilled, type SplitDraft } from './split-draft';

/** A finding with the field that it is shown at. */
export type FieldFinding = Finding & { readonly field: SplitField };

/** Findings about the whole account stand at the choice that they decide on: where a function is to be bound. */
const accountField: SplitField = 'laneB.loadBalancerId';

/** The findings that say something about what has been chosen: none about a field that is still empty. */
export function shownFindings(draft: SplitDraft, findings: readonly Finding[]): readonly FieldFinding[] {
  return findings
    .map((finding): FieldFinding => ({ ...finding, field: finding.field ?? accountField }))
    .filter((finding) => isFilled(draft, finding.field));
}

/** The findings of one field, worst first; passes only where nothing is wrong, so that a healthy field stays quiet. */
export function findingsOf(findings: readonly FieldFinding[], field: SplitField): readonly FieldFinding[] {
  const own = findings.filter((finding) => finding.field === field);
  const wrong = own.filter((finding) => finding.status !== 'pass');
  return worstFirst(wrong.length > 0 ? wrong : own);
}

/** The worst status among findings; null where nothing was checked. */
export function worstStatus(findings: readonly Finding[]): FindingStatus | null {
  return worstFirst(findings)[0]?.status ?? null;
}

/** The field that "Go to first block" leads to: the first one, from lane A's top to lane B's end. */
export function firstBlockedField(findings: readonly FieldFinding[]): SplitField | undefined {
  const blocked = new Set(findings.filter(stops).map((f) => f.field));
  return fieldOrder.find((field) => blocked.has(field));
}
