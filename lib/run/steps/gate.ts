import { isDeepStrictEqual } from 'node:util';
import type { Cutover } from '@/lib/diversion/cutover';
import type { Gate, Problem } from '@/lib/run/model/model';
import { checkIntervals, lastCheckMs, missedAfterMs } from '@/lib/run/model/retry';
import { listen } from './listen';
import { note, recordEvent, type StepContext, type StepResult, t1Ahead } from './step-context';

/** The result of a check of the waiting plan, and the time of the next one; null = no more before the instant. */
type Check = { readonly problems: readonly Problem[]; readonly next: string | null };

function nextCheckAt(now: number, due: number): string | null {
  const leftMs = due - now;
  if (leftMs <= lastCheckMs) return null;
  const everyMs = checkIntervals.find(({ aboveMs }) => leftMs > aboveMs)?.everyMs ?? 0;
  return new Date(Math.min(now + everyMs, due - lastCheckMs)).toISOString();
}

/**
 * Waits for the start of prewarm or the divert, and re-validates the plan until then, at intervals and when a message
 * requests it: what was reviewed is what runs.
 * Problems found by the last check stop the run; earlier ones are shown, and can still be fixed.
 * @param begun true if the run has already written
 */
export async function waitAtGate(
  gate: Exclude<Gate, 'T1'>,
  due: Date,
  context: StepContext,
  begun: boolean,
): Promise<StepResult> {
  const { clock, once, fresh, validator } = context;
  const state = gate === 'prewarm' ? 'scheduled' : 'ready';
  await note(context, { type: 'gate', gate, due: due.toISOString() });
  let last: readonly Problem[] = [];
  // A requested check refreshes nothing: the end of its sync would request the next one.
  let refreshes = true;
  for (;;) {
    const check: Check = await once(fresh(`${gate}.check`), async () => {
      const next = nextCheckAt(clock.now().getTime(), due.getTime());
      const found = await validator.check(begun, refreshes);
      // Until the last check, people can still approve: the run waits for them, and nothing has failed.
      const problems = next === null ? found : found.filter(({ kind }) => kind !== 'unapproved');
      if (!isDeepStrictEqual(problems, last)) await recordEvent(context, { type: 'checked', problems });
      return { problems, next };
    });
    last = check.problems;
    const isLast = check.next === null;
    if (isLast && check.problems.length > 0)
      return { kind: 'stop', reason: { kind: 'invalid', problems: check.problems } };
    const received = await listen(context, isLast ? due : new Date(check.next ?? due), state);
    if (received.kind === 'stop' || received.kind === 'rollback' || received.kind === 'leaveAsIs')
      return received;
    if (received.kind === 'due' && isLast) break;
    refreshes = received.kind === 'due';
  }
  await once(fresh(`${gate}.passed`), () => {
    const latenessMs = Math.max(0, clock.now().getTime() - due.getTime());
    return recordEvent(context, { type: 'passed', gate, latenessMs });
  });
  return { kind: 'done' };
}

/**
 * Evaluates rights and approvals again where no gate does: before the first write and before the divert of a run that was
 * applied at once, on a retry after T0, and once a person lets a run continue that has missed its T0. A lost right
 * stops the run.
 */
export async function checkRights({ once, fresh, validator }: StepContext): Promise<StepResult> {
  const problems = await once(fresh('rights'), () => validator.checkRights());
  return problems.length === 0 ? { kind: 'done' } : { kind: 'stop', reason: { kind: 'invalid', problems } };
}

/** The maximum sleep of a run that waits for a decision. */
const sleepMs = 3_600_000;

/**
 * Continues if T0 was met, otherwise by the cutover's policy: aborts and rolls back the prewarm, diverts late, or waits
 * for an operator, until T1 at most. An operator who retries a run after its T0 accepts that it is late.
 * @param retriedAt when this attempt's execution started, if an operator has retried the run
 */
export async function handleMissedT0(
  { t0, missedT0 }: Cutover,
  retriedAt: string | null,
  context: StepContext,
): Promise<StepResult> {
  const { clock, once, fresh } = context;
  const due = Math.max(Date.parse(t0), retriedAt === null ? 0 : Date.parse(retriedAt));
  const lateMs = await once(fresh('t0.late'), async () => clock.now().getTime() - due);
  if (lateMs <= missedAfterMs) return { kind: 'done' };
  if (missedT0.kind === 'runIfLate' && lateMs <= missedT0.withinS * 1000) return { kind: 'done' };
  if (missedT0.kind !== 'ask') return { kind: 'rollback', why: { kind: 'missedT0', lateMs } };
  await note(context, { type: 'missed', lateMs });
  for (;;) {
    const until = t1Ahead(context) ?? new Date(clock.now().getTime() + sleepMs);
    const received = await listen(context, until, 'missed');
    if (received.kind === 'continued') return checkRights(context);
    if (received.kind !== 'due' && received.kind !== 'skipped') return received;
  }
}
