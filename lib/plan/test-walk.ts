import { resolveIds } from '@/lib/estate/call';
import { objectKey, sameState } from '@/lib/estate/object';
import { invariant } from '@/lib/invariant';
import { bindSteps, yielded } from '@/lib/run/symbols';
import { effectOf } from '@/lib/simulation/effect-of';
import { Refusal } from '@/lib/simulation/refusal';
import { changedIn } from '@/lib/simulation/scope';
import { insideOf, readingOf, type Stock } from '@/lib/simulation/stock';
import { runningLoadBalancer } from '@/lib/simulation/stock-parts';
import { answersOf } from '@/lib/simulation/witness';
import type { Plan, Step, StepId, WriteStep } from './model';
import { nextWave } from './wave';

/*
 * A plan as the model cloud takes it, without time and without faults: each write starts from what it says, and leads to
 * what it says.
 */

/** What has come of a plan so far. */
export type Walked = {
  /** Before anything was done. */
  readonly first: Stock;
  readonly stock: Stock;
  /** What stands for the symbols of what was made. */
  readonly symbols: ReadonlyMap<string, string>;
  /** The writes that were done, in their order. */
  readonly done: readonly StepId[];
  /** All that was touched, as `changedIn` names it. */
  readonly touched: ReadonlySet<string>;
};

/** Chooses the next one of several steps that wait for nothing. */
export type Choose = (count: number) => number;

/** New load balancers run at once here. */
function running(stock: Stock): Stock {
  const loadBalancers = stock.loadBalancers.map((lb) =>
    lb.status === 'creating' ? runningLoadBalancer(lb) : lb,
  );
  return { ...stock, loadBalancers };
}

function deleted(before: Stock, after: Stock): readonly string[] {
  const left = [...after.loadBalancers, ...after.listeners].map(({ id }) => String(id));
  const all = [...before.loadBalancers, ...before.listeners].map(({ id }) => String(id));
  return all.filter((id) => !left.includes(id));
}

/** Of all that is made in walks: what was made in one may still be there in the next. */
let lastId = 1_000_000;
const newId = () => (lastId += 1);

/** Makes one write. @throws where its object is not as it says, the cloud refuses, or it leaves what nobody may leave. */
function write(walked: Walked, step: WriteStep): Walked {
  const { stock: before } = walked;
  const reading = readingOf(before, step.object);
  const told = (state: object) => `${step.id} ${objectKey(step.object)}: ${JSON.stringify(state)}`;
  invariant(sameState(reading.state, step.before), `${told(reading.state)} is as ${told(step.before)}`);
  const { call, missing } = resolveIds(step.call, reading.ids);
  invariant(missing.length === 0, `${step.id} knows ${missing.join(', ')}`);
  invariant(!/"@[^"]/.test(JSON.stringify(call.params)), `${step.id} names what is there`);
  const after = running(
    effectOf(
      before,
      call,
      newId,
      (code, message) => new Refusal(code, `${step.id} is refused: ${code}: ${message}`, step.id),
    ),
  );
  const now = readingOf(after, step.object);
  invariant(sameState(now.state, step.after), `${told(now.state)} is as ${told(step.after)}`);
  for (const id of deleted(before, after))
    invariant(insideOf(before, id).length === 0, `${step.id} deletes ${id}, which is empty`);
  const wasAnswered = answersOf(readingOf(walked.first, step.object).state).length > 0;
  invariant(!wasAnswered || answersOf(now.state).length > 0, `${told(now.state)} answers`);
  return {
    first: walked.first,
    stock: after,
    symbols: new Map([...walked.symbols, ...Object.entries(yielded(step, now.ids) ?? {})]),
    done: [...walked.done, step.id],
    touched: new Set([...walked.touched, ...changedIn(before, after)]),
  };
}

/** Walks steps in waves as a run does, those of a wave in any order, up to so many writes. */
function walk(from: Walked, steps: readonly Step[], choose: Choose, writes: number): Walked {
  const over = new Set<StepId>();
  let walked = from;
  for (;;) {
    const wave = [...nextWave(steps, over)];
    if (wave.length === 0) return walked;
    while (wave.length > 0) {
      const [chosen] = wave.splice(choose(wave.length), 1);
      const step = bindSteps(chosen === undefined ? [] : [chosen], walked.symbols)[0];
      invariant(step !== undefined, 'one of the wave');
      invariant(
        step.needs.every((id) => over.has(id)),
        `${step.id} waits for nothing`,
      );
      if (step.kind === 'write') {
        if (walked.done.length - from.done.length >= writes) return walked;
        walked = write(walked, step);
      }
      over.add(step.id);
    }
  }
}

/** Goes along a plan, up to so many writes. */
export function walkThere(stock: Stock, { steps }: Plan, choose: Choose, writes = Infinity): Walked {
  const start: Walked = { first: stock, stock, symbols: new Map(), done: [], touched: new Set() };
  return walk(start, steps, choose, writes);
}

/** Goes back from wherever a plan was left: what was never done needs no undoing. */
export function walkBack(there: Walked, { revert }: Plan, choose: Choose): Walked {
  const isOurs = (step: Step) => step.kind !== 'write' || there.done.includes(step.undoes ?? '');
  const left = revert.filter((step) => !isOurs(step)).map((step) => step.id);
  const steps = revert
    .filter(isOurs)
    .map((step) => ({ ...step, needs: step.needs.filter((id) => !left.includes(id)) }));
  return walk(there, steps, choose, Infinity);
}
