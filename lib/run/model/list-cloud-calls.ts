import type { ProbeAnswer } from '@/lib/estate/probe';
import type { StepId } from '@/lib/plan/model/model';
import type { Direction, RunEvent } from './model';

/** A call to the cloud that a run made, with the id under which the cloud knows it. */
export type RecordedCall = {
  /** When its outcome was first known. */
  readonly at: string;
  readonly direction: Direction;
  readonly stepId: StepId;
  /** Such as `ModifyRecord`; null = the journal no longer has its beginning. */
  readonly action: string | null;
  readonly requestId: string;
  /** The cloud's code if it refused the call; null = it accepted the call. */
  readonly code: string | null;
};

/** Lists the calls of a run with their request ids, in order, each once. */
export function listCloudCalls(events: readonly RunEvent[]): readonly RecordedCall[] {
  const actions = new Map<string, string>();
  const calls = new Map<string, RecordedCall>();
  for (const event of events) {
    if (!('stepId' in event) || event.stepId === null) continue;
    const { at, direction, stepId } = event;
    const key = `${direction} ${stepId}`;
    if (event.type === 'intent') actions.set(key, event.action);
    const error = event.type === 'callFailed' ? event.error : null;
    const requestId =
      event.type === 'accepted' || event.type === 'stepDone' ? event.requestId : (error?.requestId ?? null);
    if (requestId === null || calls.has(requestId)) continue;
    const action = error?.action ?? actions.get(key) ?? null;
    calls.set(requestId, { at, direction, stepId, action, requestId, code: error?.code ?? null });
  }
  return [...calls.values()];
}

/** A probe of a step of a run, with its answer. */
export type StepProbe = ProbeAnswer & {
  readonly at: string;
  readonly direction: Direction;
  readonly stepId: StepId;
};

/** Lists the probes of a run's steps, in order. */
export function listStepProbes(events: readonly RunEvent[]): readonly StepProbe[] {
  return events.flatMap((event) =>
    event.type === 'probed'
      ? [{ ...event.answer, at: event.at, direction: event.direction, stepId: event.stepId }]
      : [],
  );
}
