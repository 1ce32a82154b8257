import { isPlaceholder } from '@/lib/diversion/creates';
import { type ObjectRef, objectKey } from '@/lib/estate/object';
import type { WriteStep } from '@/lib/plan/model/model';
import { compare } from './read-until';
import { type Ended, inRounds } from './retries';
import { stepCloud } from './run-cloud';
import type { StepContext } from './step-context';

/** Returns whether an object is inside something that the plan still has to create: nobody else can have changed it. */
function isInNew(ref: ObjectRef): boolean {
  const parents = [
    ...('loadBalancerId' in ref ? [ref.loadBalancerId] : []),
    ...('listenerId' in ref ? [ref.listenerId] : []),
  ];
  return parents.some(isPlaceholder);
}

/** Returns the first write to each existing object. */
function firstWrites(context: StepContext): readonly WriteStep[] {
  const firsts = new Map<string, WriteStep>();
  for (const step of context.steps)
    if (step.kind === 'write' && !isInNew(step.object)) {
      const key = objectKey(step.object);
      if (!firsts.has(key)) firsts.set(key, step);
    }
  return [...firsts.values()];
}

/**
 * Reads every object that an apply touches, before the run's first write: a foreign change to any of them holds the run
 * while nothing is written yet. Each write reads its own object again. Does nothing once the run has written, or if
 * there is only one object, which its first write reads.
 * @returns the result of each object's first write: done, or a hold
 */
export async function readFirst(context: StepContext): Promise<readonly Ended[]> {
  const firsts = firstWrites(context);
  if (firsts.length < 2) return [];
  const hasBegun = await context.once(context.fresh('first.begun'), async () =>
    (await context.journal.read()).some((event) => event.type === 'intent' && event.direction === 'apply'),
  );
  if (hasBegun) return [];
  const name = context.fresh('first.read');
  return inRounds(
    firsts,
    context,
    (step) => `${name}.${step.id}`,
    async (step, round) => {
      const reading = await stepCloud(step, round, context, []).read(step.object);
      if (compare(step, reading) !== 'foreign') return { kind: 'done' };
      const { object, before } = step;
      return { kind: 'hold', reason: { kind: 'drift', object, expected: before, found: reading.state } };
    },
  );
}
