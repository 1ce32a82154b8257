import { isPlaceholder } from '@/lib/diversion/creates';
import type { Phase } from '@/lib/diversion/phase';
import type { ObjectRef } from '@/lib/estate/object';
import { objectKey } from '@/lib/estate/object-state';
import { inSpan } from '@/lib/log/in-span';
import { withLogFields } from '@/lib/log/log-fields';
import { nextBatch } from '@/lib/plan/model/batch';
import type { Step, StepId, WriteStep } from '@/lib/plan/model/model';
import { doneEvent, hasOursToUndo, isLastDone } from './model/history';
import { bindSteps, collectPlaceholders, hasPlaceholders, type Placeholders } from './model/placeholders';
import { runBakeStep } from './steps/bake-step';
import { runDrainStep } from './steps/drain-step';
import { listenNow } from './steps/listen';
import type { Journal } from './steps/ports';
import { runProbeSteps } from './steps/probe-step';
import { compare, verifyState } from './steps/read-until';
import { type Ended, inRounds, type Round } from './steps/retries';
import { stepCloud } from './steps/run-cloud';
import {
  type Leave,
  note,
  recordNotOurs,
  type StepContext,
  type StepResult,
  walkingState,
} from './steps/step-context';
import { runWriteStep } from './steps/write-step';

type Left = { readonly step: Step; readonly result: Leave };
type Events = Awaited<ReturnType<Journal['read']>>;

/**
 * Runs a write to its end. If an earlier attempt completed it, its result must still exist, because its dependencies
 * may have changed.
 * @param events the journal before the round
 */
async function runWrite(
  step: WriteStep,
  round: Round,
  context: StepContext,
  events: Events,
): Promise<StepResult> {
  const { plan, steps, direction } = context;
  const isNotOurs = direction === 'rollback' && !hasOursToUndo(step, plan, events);
  if (doneEvent(events, direction, step.id) !== undefined) {
    const mustExist = !isNotOurs && isLastDone(step, steps, events, direction);
    return mustExist ? verifyState(step, round, context, events) : { kind: 'done' };
  }
  if (!isNotOurs) return runWriteStep(step, round, context, events);
  await recordNotOurs(context, step.id);
  return { kind: 'done' };
}

/** Runs a step so that logs and traces carry it. */
function observed(step: Step, context: StepContext, run: () => Promise<StepResult>): Promise<StepResult> {
  const attributes = { 'spillway.step': step.id, 'spillway.direction': context.direction };
  return withLogFields({ step: step.id }, () =>
    inSpan(`step ${step.kind}`, attributes, async (span) => {
      const result = await run();
      span.setAttribute('spillway.result', result.kind === 'stop' ? result.reason.kind : result.kind);
      return result;
    }),
  );
}

/** Runs all writes of a batch at once, each recorded separately. The adapter serializes those of one load balancer. */
function runWrites(steps: readonly WriteStep[], context: StepContext): Promise<readonly Ended[]> {
  // Read once per round for all of them, and not at all if a replay finds them all recorded.
  const readings = new Map<number, Promise<Events>>();
  const eventsBefore = (round: number) => {
    const reading = readings.get(round) ?? context.journal.read();
    readings.set(round, reading);
    return reading;
  };
  return inRounds(
    steps,
    context,
    (step) => step.id,
    (step, round) =>
      observed(step, context, async () => runWrite(step, round, context, await eventsBefore(round.count))),
  );
}

async function runBatch(batch: readonly Step[], context: StepContext): Promise<readonly Ended[]> {
  const writes = batch.filter((step) => step.kind === 'write');
  const ended = [...(await runWrites(writes, context))];
  if (ended.some(({ result }) => result.kind !== 'done')) return ended;
  const probes = batch.filter((step) => step.kind === 'probe');
  const [firstProbe] = probes;
  if (firstProbe !== undefined) {
    const probed = await runProbeSteps(probes, context);
    ended.push({ step: probed.step ?? firstProbe, result: probed.result });
    if (probed.result.kind !== 'done') return ended;
  }
  for (const step of batch) {
    if (step.kind !== 'drain' && step.kind !== 'bake') continue;
    const run = () => (step.kind === 'drain' ? runDrainStep(step, context) : runBakeStep(step, context));
    const result = await observed(step, context, run);
    ended.push({ step, result });
    if (result.kind !== 'done') return ended;
  }
  return ended;
}

/** Returns whether a try of a blocked rollback has failed like the one before it. */
function isStillBlocked({ blocked }: StepContext, { step, result }: Left): boolean {
  if (blocked?.stepId !== step.id || result.kind !== 'stop') return false;
  return result.reason.kind === 'cloudError' && result.reason.error.code === blocked.code;
}

/**
 * Records each step that stops; the first is recorded last, because the last one is shown. A rollback that is still
 * blocked keeps its stop, whichever steps beside it are refused.
 */
async function noteStops(ended: readonly Ended[], context: StepContext): Promise<Leave | null> {
  const left = ended.flatMap(({ step, result }): Left[] =>
    result.kind === 'done' ? [] : [{ step, result }],
  );
  const [first] = left;
  const isSame = first !== undefined && isStillBlocked(context, first);
  for (const { step, result } of left.toReversed()) {
    if (result.kind !== 'stop') continue;
    const { reason } = result;
    if (isSame && reason.kind === 'cloudError') continue;
    await withLogFields({ step: step.id }, () => note(context, { type: 'stopped', stepId: step.id, reason }));
  }
  return first?.result ?? null;
}

/**
 * Returns a context in which created objects have their ids. Recorded, so that a replay resolves them at the same
 * point.
 */
async function withPlaceholders(context: StepContext): Promise<StepContext> {
  const { plan, once, fresh, journal, direction } = context;
  if (!hasPlaceholders(plan)) return context;
  const known = await once(fresh('placeholders'), async () => [...collectPlaceholders(await journal.read())]);
  const placeholders: Placeholders = new Map(known);
  const bound = {
    ...plan,
    steps: bindSteps(plan.steps, placeholders),
    rollback: bindSteps(plan.rollback, placeholders),
  };
  return { ...context, plan: bound, steps: direction === 'apply' ? bound.steps : bound.rollback };
}

/** Runs an apply, or a part of it; the first call reads every object of the plan before anything is written. */
export async function walkForward(context: StepContext, phases: readonly Phase[]): Promise<StepResult> {
  const foreign = await noteStops(await readFirst(context), context);
  return foreign ?? walk(context, phases);
}

/**
 * Runs the steps of these phases in batches: independent steps run in parallel. Between two batches it receives
 * commands. A stop is recorded with its step.
 */
export async function walk(given: StepContext, phases: readonly Phase[]): Promise<StepResult> {
  const isOurs = (step: Step) => phases.includes(step.phase);
  const done = new Set<StepId>(given.steps.filter((step) => !isOurs(step)).map((step) => step.id));
  for (;;) {
    const context = await withPlaceholders(given);
    const batch = nextBatch(context.steps.filter(isOurs), done);
    if (batch.length === 0) break;
    const received = await listenNow(context, walkingState(context));
    const [first] = batch;
    if (received.kind !== 'done') {
      if (first !== undefined) await noteStops([{ step: first, result: received }], context);
      return received;
    }
    const left = await noteStops(await runBatch(batch, context), context);
    if (left !== null) return left;
    const { blocked } = context;
    if (blocked !== undefined && batch.some(({ id }) => id === blocked.stepId))
      await note(context, { type: 'recovered', stepId: blocked.stepId, since: blocked.since });
    for (const step of batch) done.add(step.id);
  }
  return { kind: 'done' };
}

/**
 * Returns whether an object is inside one that the plan has yet to create, so that it can't have been changed by
 * others.
 */
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
 * Reads every object that an apply touches, before the run's first write: a foreign change to any of them stops the run
 * while nothing is written yet. Each write reads its own object again. Does nothing once the run has written, or if
 * there is only one object, which its first write reads.
 * @returns the result of each object's first write: done, or a stop
 */
async function readFirst(context: StepContext): Promise<readonly Ended[]> {
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
      return { kind: 'stop', reason: { kind: 'drift', object, expected: before, found: reading.state } };
    },
  );
}
