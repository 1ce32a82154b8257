import { type ObjectRef, type ObjectState, objectKey, sameState } from '@/lib/estate/object';
import { refName } from '@/lib/estate/ref-name';
import type { Step } from '@/lib/plan/model';
import { findingsOf } from './finding';
import type { Check, Finding } from './model';

const { pass, block } = findingsOf('way-back', null);

/** What a list of steps does to an object: where it begins, where it ends, and whether each write starts where the last ended. */
type Course = {
  readonly object: ObjectRef;
  readonly first: ObjectState;
  readonly last: ObjectState;
  readonly joins: boolean;
};

function coursesOf(steps: readonly Step[]): ReadonlyMap<string, Course> {
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

/** Why the way back of an object is none; undefined = it leads back to where the way there began. */
function brokenAt(there: Course, back: Course | undefined): { readonly why: string } | undefined {
  if (!there.joins || back?.joins === false) return { why: 'torn' };
  if (back === undefined) return sameState(there.first, there.last) ? undefined : { why: 'missing' };
  if (!sameState(back.first, there.last)) return { why: 'elsewhere' };
  return sameState(back.last, there.first) ? undefined : { why: 'other' };
}

/**
 * The way back is checked like the way there: step by step over what the plan says of each object, it begins where the way
 * there ends, and ends where that began.
 */
export const checkWayBack: Check = ({ steps, revert }) => {
  const there = coursesOf(steps);
  if (there.size === 0) return [];
  const back = coursesOf(revert);
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
