import type { Phase } from '@/lib/diversion/phase';
import { inSpan } from '@/lib/in-span';
import { withLogFields } from '@/lib/log-fields';
import type { Step, StepId, WriteStep } from '@/lib/plan/model';
import { nextWave } from '@/lib/plan/wave';
import { runBakeStep } from './bake-step';
import { runDrainStep } from './drain-step';
import { doneEvent, hasOursToUndo, isLastDone } from './history';
import { withoutKeptWeights } from './kept-weights';
import { listenNow } from './listen';
import { lookFirst } from './look-first';
import { ownOnly } from './own-only';
import { type Ended, inRounds } from './patience';
import type { Journal } from './ports';
import { runProbeSteps } from './probe-step';
import {
  type Leave,
  note,
  recordNotOurs,
  type StepContext,
  type StepResult,
  walkingState,
} from './step-context';
import { bindSteps, hasSymbols, type Symbols, symbolsOf } from './symbols';
import { verifyState } from './verify-state';
import { runWriteStep } from './write-step';

type Events = Awaited<ReturnType<Journal['read']>>;

/**
 * A write to its end. One that an earlier attempt finished must still stand: what it rests on may have been changed.
 * @param patient its reads are retried; those of `impatient` are not
 * @param events what stood in the journal before the round
 */
async function runWrite(
  step: WriteStep,
  patient: StepContext,
  impatient: StepContext,
  events: Events,
): Promise<StepResult> {
  const { plan, steps, direction } = patient;
  const own = ownOnly(step, patient, events, true);
  const isNotOurs = direction === 'revert' && !hasOursToUndo(step, plan, events);
  if (doneEvent(events, direction, step.id) !== undefined) {
    const mustStand = !isNotOurs && isLastDone(step, steps, events, direction);
    return mustStand ? verifyState(step, own, events) : { kind: 'done' };
  }
  if (!isNotOurs) {
    const context = withoutKeptWeights(step, own, events);
    const hasty = withoutKeptWeights(step, ownOnly(step, impatient, events, false), events);
    return runWriteStep(step, context, () => hasty.cloud.read(step.object), events);
  }
  await recordNotOurs(patient, step.id);
  return { kind: 'done' };
}

/** What is logged and traced meanwhile says which step it belongs to. */
function observed(step: Step, context: StepContext, run: () => Promise<StepResult>): Promise<StepResult> {
  const attributes = { 'spillway.step': step.id, 'spillway.direction': context.direction };
  return withLogFields({ step: step.id }, () =>
    inSpan(`step ${step.kind}`, attributes, async (span) => {
      const result = await run();
      span.setAttribute('spillway.result', result.kind === 'hold' ? result.reason.kind : result.kind);
      return result;
    }),
  );
}

/** All writes of a wave at once, each recorded by itself. Those of one load balancer take turns in the adapter. */
function runWrites(steps: readonly WriteStep[], context: StepContext): Promise<readonly Ended[]> {
  // Read once for all of them in each round, and not at all where a replay finds them all recorded.
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
    (step, patient, round) =>
      observed(step, patient, async () => runWrite(step, patient, context, await eventsBefore(round))),
  );
}

async function runWave(wave: readonly Step[], context: StepContext): Promise<readonly Ended[]> {
  const writes = wave.filter((step) => step.kind === 'write');
  const ended = [...(await runWrites(writes, context))];
  if (ended.some(({ result }) => result.kind !== 'done')) return ended;
  const probes = wave.filter((step) => step.kind === 'probe');
  const [firstProbe] = probes;
  if (firstProbe !== undefined) {
    const asked = await runProbeSteps(probes, context);
    ended.push({ step: asked.step ?? firstProbe, result: asked.result });
    if (asked.result.kind !== 'done') return ended;
  }
  for (const step of wave) {
    if (step.kind !== 'drain' && step.kind !== 'bake') continue;
    const run = () => (step.kind === 'drain' ? runDrainStep(step, context) : runBakeStep(step, context));
    const result = await observed(step, context, run);
    ended.push({ step, result });
    if (result.kind !== 'done') return ended;
  }
  return ended;
}

/** Writes down each step that holds, the first of them last: that one is shown. */
async function noteHolds(ended: readonly Ended[], context: StepContext): Promise<Leave | null> {
  const left = ended.flatMap(({ step, result }) => (result.kind === 'done' ? [] : [{ step, result }]));
  for (const { step, result } of left.toReversed()) {
    if (result.kind !== 'hold') continue;
    const { reason } = result;
    await withLogFields({ step: step.id }, () => note(context, { type: 'held', stepId: step.id, reason }));
  }
  return left[0]?.result ?? null;
}

/** What earlier steps have made is named by its ids from now on. Recorded, so that a replay names it at the same place. */
async function withSymbols(context: StepContext): Promise<StepContext> {
  const { plan, once, fresh, journal, direction } = context;
  if (!hasSymbols(plan)) return context;
  const known = await once(fresh('symbols'), async () => [...symbolsOf(await journal.read())]);
  const symbols: Symbols = new Map(known);
  const bound = {
    ...plan,
    steps: bindSteps(plan.steps, symbols),
    revert: bindSteps(plan.revert, symbols),
  };
  return { ...context, plan: bound, steps: direction === 'apply' ? bound.steps : bound.revert };
}

/** Walks an apply, or a part of it; its first walk reads all that the plan touches before anything is written. */
export async function walkForward(context: StepContext, phases: readonly Phase[]): Promise<StepResult> {
  const foreign = await noteHolds(await lookFirst(context), context);
  return foreign ?? walk(context, phases);
}

/**
 * Walks the steps of these phases in waves: what waits for nothing runs side by side. Between two waves it hears what
 * people order. A hold is written down with its step.
 */
export async function walk(given: StepContext, phases: readonly Phase[]): Promise<StepResult> {
  const isOurs = (step: Step) => phases.includes(step.phase);
  const done = new Set<StepId>(given.steps.filter((step) => !isOurs(step)).map((step) => step.id));
  for (;;) {
    const context = await withSymbols(given);
    const wave = nextWave(context.steps.filter(isOurs), done);
    if (wave.length === 0) break;
    const heard = await listenNow(context, walkingState(context));
    const [first] = wave;
    if (heard.kind !== 'done') {
      if (first !== undefined) await noteHolds([{ step: first, result: heard }], context);
      return heard;
    }
    const left = await noteHolds(await runWave(wave, context), context);
    if (left !== null) return left;
    for (const step of wave) done.add(step.id);
  }
  return { kind: 'done' };
}
