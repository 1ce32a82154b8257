import type { Plan } from '@/lib/plan/model/model';

/** Returns the TTLs of all answers from the first move of each record set to its last, in seconds. */
export function listMovingTtls({ steps }: Pick<Plan, 'steps'>): readonly number[] {
  return steps.flatMap((step) =>
    step.kind === 'write' &&
    step.phase === 'divert' &&
    step.before.kind === 'recordSet' &&
    step.after.kind === 'recordSet'
      ? [...step.before.records, ...step.after.records].flatMap(({ enabled, ttlS }) =>
          enabled ? [ttlS] : [],
        )
      : [],
  );
}
