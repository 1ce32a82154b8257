import { worstFirst } from '@/lib/preflight/model/finding-order';
import type { Finding, FindingStatus } from '@/lib/preflight/model/model';
import { stops } from '@/lib/preflight/model/stops';
import type { Draft, EditorField } from './draft';
import { fieldOrder, isFilled, parseRouteField, shownAt } from './draft-fields';
import { listRouteOrigins } from './waves';

/** A finding with the field at which it is shown. */
export type FieldFinding = Omit<Finding, 'field'> & {
  readonly field: EditorField;
  /** The name of the Switch that it is about; null = it is about no single one. */
  readonly name: string | null;
};

/** Returns whether a finding compares the domain of a route whose domain is not chosen yet. */
function isAboutNoDomain(draft: Draft, { check, field }: Finding): boolean {
  const ofRoute = check === 'domain-match' && field !== null ? parseRouteField(field) : null;
  return ofRoute !== null && draft.routes[ofRoute.index]?.domain.trim() === '';
}

/** Returns whether a finding says that nothing has the empty id: the row of its name says what is missing. */
function isAboutNoChoice({ check, objects }: FieldFinding): boolean {
  return check === 'choices' && objects.join('') === '';
}

function findName(draft: Draft, { field }: Finding): string | null {
  const ofRoute = field === null || draft.kind !== 'switch' ? null : parseRouteField(field);
  return ofRoute === null ? null : (listRouteOrigins(draft)[ofRoute.index]?.name ?? null);
}

/** Returns the findings about what has been chosen, each once, and none about a field that is still empty. */
export function shownFindings(draft: Draft, findings: readonly Finding[]): readonly FieldFinding[] {
  const shown = findings
    .filter((finding) => !isAboutNoDomain(draft, finding))
    .map(
      (finding): FieldFinding => ({
        ...finding,
        field: shownAt(draft, finding.field),
        name: findName(draft, finding),
      }),
    )
    .filter((finding) => isFilled(draft, finding.field) && !isAboutNoChoice(finding));
  const findingKey = ({ field, why, values }: FieldFinding) => `${field} ${why} ${JSON.stringify(values)}`;
  return [...new Map(shown.map((finding) => [findingKey(finding), finding])).values()];
}

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

/** Returns the blocking findings in the order of the fields. "Go to first block" goes to the first one. */
export function listBlocks(draft: Draft, findings: readonly FieldFinding[]): readonly FieldFinding[] {
  const order = fieldOrder(draft);
  return findings.filter(stops).toSorted((a, b) => order.indexOf(a.field) - order.indexOf(b.field));
}
