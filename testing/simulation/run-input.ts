import type { Cutover } from '@/lib/diversion/cutover';
import type { Plan } from '@/lib/plan/model/model';
import { PlanId } from '@/lib/plan/model/model';
import type { ExecuteInput } from '@/lib/run/executor';
import type { RunAttempt, RunRecord } from '@/lib/run/model/fold-run';
import type { LiveCommand, RunEvent } from '@/lib/run/model/model';
import { RunId } from '@/lib/run/model/run-id';
import type { CommandMessage } from '@/lib/run/steps/ports';
import type { Clockwork } from './cloud/scenario';
import { takenAt } from './estate-parts';

/* The input of a simulated run, and its operator's commands: the only place that knows their format. */

const actor = 'operator';
const reason = 'simulated';

function buildCutover({ t0S, prewarmS, holdS, missedT0, guard }: Clockwork): Cutover {
  const instant = (s: number) => new Date(Date.parse(takenAt) + s * 1000).toISOString();
  const guards: Cutover['guards'] =
    guard === null ? [] : [{ measure: 'probeFailures', limit: 50, forS: 20, outcome: guard }];
  const t1 = holdS === null ? null : instant(t0S + holdS);
  return { t0: instant(t0S), t1, prewarmS, missedT0, guards, zone: 'UTC' };
}

/** The plan and its clock. */
export type RunSetup = Pick<ExecuteInput, 'plan' | 'cutover' | 'guards'>;

export function buildSetup(plan: Plan, clockwork: Clockwork | null): RunSetup {
  const cutover = clockwork === null ? null : buildCutover(clockwork);
  return { plan, cutover, guards: cutover?.guards ?? [] };
}

export function buildInput(setup: RunSetup, { attempt, direction }: RunAttempt): ExecuteInput {
  return { ...setup, attempt, direction, actor };
}

export function buildAttempt(attempt: number, direction: RunAttempt['direction']): RunAttempt {
  return { attempt, direction, actor, reason, requestedAt: takenAt };
}

export const simulatedRunId = RunId.parse('R-1');

export function buildRecord(
  setup: RunSetup,
  attempts: readonly RunAttempt[],
  events: readonly RunEvent[],
): RunRecord {
  const planId = PlanId.parse('P-1');
  return { id: simulatedRunId, planId, connectionKind: 'sandbox', ...setup, attempts, events };
}

/** @param count of the earlier commands */
export function buildMessage(command: LiveCommand, count: number): CommandMessage {
  return { id: `m-${count}`, command, actor, reason };
}

/** Returns the message that pausing all changes, or resuming them, sends to each run. @param count as above */
export function buildStopMessage(command: 'pause' | 'continue', count: number): CommandMessage {
  return { ...buildMessage(command, count), by: 'emergencyStop' };
}
