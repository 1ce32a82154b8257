import type { ObjectRef, ObjectState } from '@/lib/estate/object';
import { objectKey, sameState } from '@/lib/estate/object-state';
import { refName } from '@/lib/estate/ref-name';
import type { Step } from '@/lib/plan/model/model';
import { createFindings } from '@/lib/preflight/model/finding';
import type { Check, Finding } from '@/lib/preflight/model/model';

const { pass, block } = createFindings(
  'rollback',
  'https://aws.amazon.com/builders-library/ensuring-rollback-safety-during-deployments/',
);

/**
 * The effect of a list of steps on an object: its start, its end, and whether each write starts where the last one
 * ended.
 */
type Course = {
  readonly object: ObjectRef;
  readonly first: ObjectState;
  readonly last: ObjectState;
  readonly joins: boolean;
};

function listCourses(steps: readonly Step[]): ReadonlyMap<string, Course> {
  const courses = new Map<string, Course>();
  for (const step of steps) {
    if (step.kind !== 'write') continue;
    const { object, before, after } = step;
    const key = objectKey(object);
    const known = courses.get(key);
    courses.set(key, {
      object,
      first: known?.first ?? before,
      last: after,
      joins: known === undefined || (known.joins && sameState(known.last, before)),
    });
  }
  return courses;
}

/** Returns why the rollback of an object is broken; undefined = it returns to the state before the apply. */
function brokenAt(there: Course, back: Course | undefined): { readonly why: string } | undefined {
  if (!there.joins || back?.joins === false) return { why: 'torn' };
  if (back === undefined) return sameState(there.first, there.last) ? undefined : { why: 'missing' };
  if (!sameState(back.first, there.last)) return { why: 'elsewhere' };
  return sameState(back.last, there.first) ? undefined : { why: 'other' };
}

/**
 * Checks the rollback like the apply, step by step over the states that the plan gives for each object: it begins where
 * the apply ends, and ends where the apply began.
 */
export const checkRollback: Check = ({ steps, revert }) => {
  const there = listCourses(steps);
  if (there.size === 0) return [];
  const back = listCourses(revert);
  const findings = [...there].flatMap(([key, course]): readonly Finding[] => {
    const broken = brokenAt(course, back.get(key));
    if (broken === undefined) return [];
    const object = refName(course.object);
    return [block({ field: null, objects: [object], ...broken, values: { object } })];
  });
  const count = there.size;
  return findings.length > 0
    ? findings
    : [pass({ field: null, objects: [], why: 'pass', values: { count } })];
};
