import { type Plan, PlanId } from '@/lib/plan/model/model';
import type { RunRecord } from '@/lib/run/model/fold-run';
import { RunId } from '@/lib/run/model/run-id';
import type { Walked } from '@/testing/plan/test-walk';

const at = '2026-12-12T00:00:00.000Z';

/** Returns a run that was left as is after some writes, at 00:00 on 2026-12-12. */
export function leftRun(
  nth: number,
  plan: Plan,
  { done, placeholders }: Pick<Walked, 'done' | 'placeholders'>,
): RunRecord {
  const ids = Object.fromEntries(placeholders);
  const stamp = { at, direction: 'apply' } as const;
  const attempt = { attempt: 1, direction: 'apply', actor: 'sari', reason: '', requestedAt: at } as const;
  return {
    id: RunId.parse(`R-${nth}`),
    planId: PlanId.parse(`P-${nth}`),
    plan,
    cutover: null,
    guards: [],
    connectionKind: 'sandbox',
    attempts: [attempt],
    events: [
      { type: 'started', actor: 'sari', attempt: 1, ...stamp },
      ...done.map((stepId) => ({
        ...({ type: 'stepDone', stepId, outcome: 'applied', requestId: 'r', durationMs: 1, ids } as const),
        ...stamp,
      })),
      { type: 'closed', actor: 'sari', reason: '', ...stamp },
    ],
  };
}
