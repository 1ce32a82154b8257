import type { Finding } from '@/lib/preflight/model/model';
import type { Draft } from './draft';
import { isFilled, parseRouteField, shownAt } from './draft-fields';
import type { FieldFinding } from './field-findings';
import { listRouteOrigins } from './waves';

/** Returns whether a finding compares the domain of a route whose domain is not chosen yet. */
function isAboutNoDomain(draft: Draft, { check, field }: Finding): boolean {
  const ofRoute = check === 'domain-match' && field !== null ? parseRouteField(field) : null;
  return ofRoute !== null && draft.routes[ofRoute.index]?.domain.trim() === '';
}

/** Returns whether a finding reports the empty id as missing, which the row of its name shows already. */
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
