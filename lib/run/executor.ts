import { CloudError } from '@/lib/cloud/errors';
import type { Plan, Step } from '@/lib/plan/model';
import { drainedAt, neverBegun } from './drain';
import type { Direction, HoldReason } from './model';
import type { Inbox, Once, RunMessage } from './ports';
import { runProbeStep } from './probe-step';
import { record, type StepContext, type StepResult } from './step-context';
import { runWriteStep } from './write-step';

export type ExecuteInput = {
  readonly plan: Plan;
  readonly direction: Direction;
  readonly attempt: number;
  readonly actor: string;
};

export type ExecutePorts = Omit<StepContext, 'direction'> & { readonly inbox: Inbox; readonly once: Once };

type Walk = { readonly context: StepContext; readonly ports: ExecutePorts; readonly input: ExecuteInput };

const asked = (message: RunMessage): StepResult => ({
  kind: 'hold',
  reason: { kind: 'asked', actor: message.actor },
});

async function isDone({ context }: Walk, step: Step): Promise<boolean> {
  const events = await context.journal.read();
  return events.some(
    (e) => e.direction === context.direction && e.type === 'stepDone' && e.stepId === step.id,
  );
}

async function skip({ context }: Walk, step: Step): Promise<StepResult> {
  await record(context, {
    type: 'stepDone',
    stepId: step.id,
    outcome: 'already',
    requestId: null,
    durationMs: 0,
  });
  return { kind: 'done' };
}

/** A call or probe, to its end. A cloud that can't be read at all holds the run like any other cloud error. */
async function runOnce(walk: Walk, step: Exclude<Step, { kind: 'drain' }>): Promise<StepResult> {
  if (await isDone(walk, step)) return { kind: 'done' };
  if (step.kind === 'probe') return runProbeStep(step, walk.context);
  if (neverBegun(step.undoes, await walk.context.journal.read())) return skip(walk, step);
  try {
    return await runWriteStep(step, walk.context);
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    // Not even reading works: a call of ours that was sent before may be in effect or not.
    const events = await walk.context.journal.read();
    const sent = events.some(
      (e) => e.type === 'intent' && e.stepId === step.id && e.direction === walk.input.direction,
    );
    return { kind: 'hold', reason: { kind: 'cloudError', error: error.data, settled: !sent } };
  }
}

/** The wait is durable and can be interrupted, so it stands outside `once`. */
async function runDrain(walk: Walk, step: Extract<Step, { kind: 'drain' }>): Promise<StepResult> {
  const { context, ports, input } = walk;
  const until = await ports.once(`${step.id}.until`, async () => {
    if (await isDone(walk, step)) return null;
    const instant = drainedAt(input.plan, step, await context.journal.read(), context.clock.now());
    if (instant === null) await skip(walk, step);
    else await record(context, { type: 'waiting', stepId: step.id, until: instant.toISOString() });
    return instant?.toISOString() ?? null;
  });
  if (until === null) return { kind: 'done' };
  const message = await ports.inbox.take(new Date(until));
  if (message !== null) return asked(message);
  return ports.once(`${step.id}.done`, async () => {
    const durationMs = (step.oldTtlS + step.keepAliveS) * 1000;
    await record(context, {
      type: 'stepDone',
      stepId: step.id,
      outcome: 'waited',
      requestId: null,
      durationMs,
    });
    return { kind: 'done' } as const;
  });
}

async function hold({ context, ports }: Walk, step: Step, reason: HoldReason): Promise<'held'> {
  await ports.once(`${step.id}.held`, () => record(context, { type: 'held', stepId: step.id, reason }));
  return 'held';
}

/**
 * Walks a plan, there or back, over ports: it can't tell a real cloud from a rehearsal, nor one process life from
 * several. Every effect happens inside `once`; the way between them depends on recorded results alone, so that a
 * replay after a crash takes the same way.
 * @returns how the run ended; why it was held stands in the journal.
 */
export async function execute(
  input: ExecuteInput,
  ports: ExecutePorts,
): Promise<'done' | 'reverted' | 'held'> {
  const { cloud, prober, clock, journal, faultPoint, once, inbox } = ports;
  const context: StepContext = { cloud, prober, clock, journal, faultPoint, direction: input.direction };
  const walk: Walk = { context, ports, input };
  const { actor, attempt } = input;
  await once('started', () => record(context, { type: 'started', actor, attempt }));

  const steps = input.direction === 'apply' ? input.plan.steps : input.plan.revert;
  for (const step of steps) {
    const message = await inbox.take(null);
    if (message !== null) {
      return hold(walk, step, { kind: 'asked', actor: message.actor });
    }
    const result =
      step.kind === 'drain' ? await runDrain(walk, step) : await once(step.id, () => runOnce(walk, step));
    if (result.kind === 'hold') return hold(walk, step, result.reason);
  }
  const ended = input.direction === 'apply' ? 'done' : 'reverted';
  await once('finished', () => record(context, { type: 'finished', result: ended }));
  return ended;
}
