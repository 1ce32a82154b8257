import { objectKey } from '@/lib/estate/object-state';
import { refName } from '@/lib/estate/ref-name';
import { type OtherPlan, type Span, spansMeet } from '@/lib/preflight/model/conditions';
import { createFindings, minute, sources } from '@/lib/preflight/model/finding';
import type { Check, CheckInput, Finding } from '@/lib/preflight/model/model';

/** The cloud refuses a second write to a load balancer while one runs (FailedOperation.ResourceInOperating). */
const { pass, warn, block } = createFindings('overlap', sources.binding);

/** Returns the objects that the plan writes to: display names by key. */
function written({ steps }: CheckInput): ReadonlyMap<string, string> {
  return new Map(
    steps.flatMap((step) =>
      step.kind === 'write' ? [[objectKey(step.object), refName(step.object)] as const] : [],
    ),
  );
}

/**
 * Returns the finding of an overlap. A draft blocks nothing; a run keeps its objects, but a plan without a schedule may
 * still get one that avoids it.
 */
function overlapFinding(other: OtherPlan, object: string, span: Span | null): Finding {
  const { id, name, state } = other;
  const found = { field: null, objects: [id] };
  if (state === 'draft') return warn({ ...found, why: 'draft', values: { id, name, object } });
  const from = other.span === null ? '' : minute(other.span.from);
  const until = other.span?.until ? minute(other.span.until) : '';
  const values = { id, name, object, state, from, until, known: until === '' ? 'no' : 'yes' };
  return span === null ? warn({ ...found, why: 'run', values }) : block({ ...found, why: 'runThen', values });
}

/**
 * Checks that no other plan writes to the same objects at the same time: two plans that each expect the other's
 * `before` would be stopped half-way. With its own schedule, a plan can't overlap a run; without one, the finding names
 * the times to avoid.
 */
export const checkOverlap: Check = (input) => {
  const mine = written(input);
  const { others, span } = input.conditions;
  const findings = others.flatMap((other): readonly Finding[] => {
    const object = other.objects.find((key) => mine.has(key));
    if (object === undefined || !spansMeet(span, other.span)) return [];
    return [overlapFinding(other, mine.get(object) ?? object, span)];
  });
  if (findings.length > 0) return findings;
  return [pass({ field: null, objects: [], why: 'pass' })];
};
