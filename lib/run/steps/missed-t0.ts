import type { Cutover } from '@/lib/diversion/cutover';
import { missedAfterMs } from '@/lib/run/model/retry';
import { listen } from './listen';
import { note, type StepContext, type StepResult, t1Ahead } from './step-context';

/** The time that a run that waits for a decision sleeps at once. */
const sleepMs = 3_600_000;

/**
 * Continues if T0 was met, otherwise by the cutover's policy: aborts and rolls back what prewarm did, diverts although
 * late, or waits for a person, until T1 at most. Whoever retries a run after its T0 knows that it is late.
 * @param startedAt when this attempt's execution began
 */
export async function handleMissedT0(
  { t0, missedT0 }: Cutover,
  startedAt: string,
  context: StepContext,
): Promise<StepResult> {
  const { clock, once, fresh, attempt } = context;
  const due = Math.max(Date.parse(t0), attempt > 1 ? Date.parse(startedAt) : 0);
  const lateMs = await once(fresh('t0.late'), async () => clock.now().getTime() - due);
  if (lateMs <= missedAfterMs) return { kind: 'done' };
  if (missedT0.kind === 'runIfLate' && lateMs <= missedT0.withinS * 1000) return { kind: 'done' };
  if (missedT0.kind !== 'ask') return { kind: 'rollback', why: { kind: 'missedT0', lateMs } };
  await note(context, { type: 'missed', lateMs });
  for (;;) {
    const until = t1Ahead(context) ?? new Date(clock.now().getTime() + sleepMs);
    const received = await listen(context, until, 'missed');
    if (received.kind === 'resumed') return { kind: 'done' };
    if (received.kind !== 'due' && received.kind !== 'skipped') return received;
  }
}
