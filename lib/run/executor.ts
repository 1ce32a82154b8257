import { inSpan } from '@/lib/in-span';
import { withLogFields } from '@/lib/log-fields';
import type { ProbeStep, Step, WriteStep } from '@/lib/plan/model';
import { dnsStepsBack } from './drain';
import { runDrainStep } from './drain-step';
import { doneEvent, hasOursToUndo, isLastDone, sinceStart } from './history';
import { holdingOnCloudError } from './hold';
import type { HoldReason } from './model';
import { runProbeStep } from './probe-step';
import { record, recordNotOurs, type StepContext, type StepResult } from './step-context';
import { verifyState } from './verify-state';
import { runWriteStep } from './write-step';

export type ExecuteInput = Pick<StepContext, 'plan' | 'direction' | 'attempt'> & { readonly actor: string };
export type ExecutePorts = Omit<StepContext, keyof ExecuteInput | 'steps'>;

/** A write to its end. One that an earlier attempt finished must still stand: what it rests on may have been changed. */
async function runWrite(step: WriteStep, context: StepContext): Promise<StepResult> {
  const { plan, steps, direction } = context;
  const events = await context.journal.read();
  const isNotOurs = direction === 'revert' && !hasOursToUndo(step, plan, events);
  if (doneEvent(events, direction, step.id) !== undefined) {
    const mustStand = !isNotOurs && isLastDone(step, steps, events, direction);
    return mustStand ? verifyState(step, context) : { kind: 'done' };
  }
  if (!isNotOurs) return runWriteStep(step, context);
  await recordNotOurs(context, step.id);
  return { kind: 'done' };
}

/** Whether a probe of the way back asks about DNS that this run never moved: what it answers is somebody else's. */
function isAboutOthersDns(step: ProbeStep, context: StepContext): Promise<boolean> {
  return context.once(`${step.id}.ours`, async () => {
    const events = await context.journal.read();
    const wasMoved = dnsStepsBack(context.plan).some((dns) => hasOursToUndo(dns, context.plan, events));
    if (step.probe.kind !== 'dns' || wasMoved) return false;
    await recordNotOurs(context, step.id);
    return true;
  });
}

/** Asks anew in each attempt: that an address answered an hour ago says nothing about now. */
async function runProbe(step: ProbeStep, context: StepContext): Promise<StepResult> {
  if (context.direction === 'revert' && (await isAboutOthersDns(step, context))) return { kind: 'done' };
  const isDone = await context.once(`${step.id}.asked`, async () => {
    const events = sinceStart(await context.journal.read(), context.attempt);
    return doneEvent(events, context.direction, step.id) !== undefined;
  });
  return isDone ? { kind: 'done' } : runProbeStep(step, context);
}

function runKind(step: Step, context: StepContext): Promise<StepResult> {
  switch (step.kind) {
    case 'write':
      return context.once(step.id, () => holdingOnCloudError(step, context, () => runWrite(step, context)));
    case 'probe':
      return runProbe(step, context);
    case 'drain':
      return runDrainStep(step, context);
  }
}

/** A step to its end; what is logged and traced meanwhile says which step it belongs to. */
function runStep(step: Step, context: StepContext): Promise<StepResult> {
  const attributes = { 'spillway.step': step.id, 'spillway.direction': context.direction };
  return withLogFields({ step: step.id }, () =>
    inSpan(`step ${step.kind}`, attributes, async (span) => {
      const result = await runKind(step, context);
      span.setAttribute('spillway.result', result.kind === 'hold' ? result.reason.kind : 'done');
      return result;
    }),
  );
}

async function hold(step: Step, context: StepContext, reason: HoldReason): Promise<'held'> {
  await withLogFields({ step: step.id }, () =>
    context.once(`${step.id}.held`, () => record(context, { type: 'held', stepId: step.id, reason })),
  );
  return 'held';
}

/**
 * Walks a plan, there or back, over ports: it can't tell a real cloud from a rehearsal, nor one process life from
 * several. Every effect happens inside `once`; the way between them depends on recorded results alone, so that a
 * replay after a crash takes the same way.
 * @returns how the run ended; why it was held stands in the journal.
 */
export async function execute(
  { actor, ...input }: ExecuteInput,
  ports: ExecutePorts,
): Promise<'done' | 'reverted' | 'held'> {
  const { plan, direction, attempt } = input;
  const steps = direction === 'apply' ? plan.steps : plan.revert;
  const context: StepContext = { ...ports, ...input, steps };
  const { once, inbox } = context;
  await once('started', () => record(context, { type: 'started', actor, attempt }));
  for (const step of steps) {
    const message = await inbox.take(null);
    if (message !== null) return hold(step, context, { kind: 'asked', actor: message.actor });
    const result = await runStep(step, context);
    if (result.kind === 'hold') return hold(step, context, result.reason);
  }
  const ended = direction === 'apply' ? 'done' : 'reverted';
  await once('finished', () => record(context, { type: 'finished', result: ended }));
  return ended;
}
