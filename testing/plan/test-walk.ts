import { resolveIds } from '@/lib/estate/call';
import type { ObjectState } from '@/lib/estate/object';
import { objectKey, sameState } from '@/lib/estate/object-state';
import { invariant } from '@/lib/invariant';
import { nextBatch } from '@/lib/plan/model/batch';
import type { Plan, Step, StepId, WriteStep } from '@/lib/plan/model/model';
import { bindSteps, yielded } from '@/lib/run/model/placeholders';
import { applyCall } from '@/testing/simulation/cloud/apply-call';
import { CloudRefusal } from '@/testing/simulation/cloud/refusal';
import { listStockInside, readObject, type Stock } from '@/testing/simulation/cloud/stock';
import { runningLoadBalancer } from '@/testing/simulation/cloud/stock-parts';
import { changedIn } from '@/testing/simulation/invariants/scope';
import { listAnswers } from '@/testing/simulation/invariants/witness';

/*
 * Runs a plan on the model cloud, without time and faults, and checks the stated states before and after each write.
 */

/** The progress of a plan so far. */
export type Walked = {
  /** The state before any write. */
  readonly first: Stock;
  readonly stock: Stock;
  /** The ids that replace the placeholders of created objects. */
  readonly placeholders: ReadonlyMap<string, string>;
  /** The completed writes, in order. */
  readonly done: readonly StepId[];
  /** All touched objects, named as in `changedIn`. */
  readonly touched: ReadonlySet<string>;
};

/** Chooses the next of several steps without open dependencies. */
export type Choose = (count: number) => number;

/** Returns the stock with new load balancers running at once. */
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

/** Shared by all walks, because objects created in one may still exist in the next. */
let lastId = 1_000_000;
const newId = () => (lastId += 1);

/**
 * Performs one write. @throws if its object is not in the stated state, the cloud rejects the call, or the resulting
 * state is forbidden
 */
function write(walked: Walked, step: WriteStep): Walked {
  const { stock: before } = walked;
  const reading = readObject(before, step.object);
  const told = (state: object) => `${step.id} ${objectKey(step.object)}: ${JSON.stringify(state)}`;
  // Most walks fail nowhere, so what they would say is put into words only then.
  const expectState = (state: ObjectState, expected: ObjectState) => {
    if (!sameState(state, expected)) invariant(false, `${told(state)} is as ${told(expected)}`);
  };
  expectState(reading.state, step.before);
  const { call, missing } = resolveIds(step.call, reading.ids);
  invariant(missing.length === 0, `${step.id} knows ${missing.join(', ')}`);
  invariant(!/"@[^"]/.test(JSON.stringify(call.params)), `${step.id} names what is there`);
  const after = running(
    applyCall(
      before,
      call,
      newId,
      (code, message) => new CloudRefusal(code, `${step.id} is refused: ${code}: ${message}`, step.id),
    ),
  );
  const now = readObject(after, step.object);
  expectState(now.state, step.after);
  for (const id of deleted(before, after))
    invariant(listStockInside(before, id).length === 0, `${step.id} deletes ${id}, which is empty`);
  const wasAnswered = listAnswers(readObject(walked.first, step.object).state).length > 0;
  if (wasAnswered && listAnswers(now.state).length === 0) invariant(false, `${told(now.state)} answers`);
  return {
    first: walked.first,
    stock: after,
    placeholders: new Map([...walked.placeholders, ...Object.entries(yielded(step, now.ids) ?? {})]),
    done: [...walked.done, step.id],
    touched: new Set([...walked.touched, ...changedIn(before, after)]),
  };
}

/** Executes steps in batches like a run, in any order within a batch, up to a number of writes. */
function walk(from: Walked, steps: readonly Step[], choose: Choose, writes: number): Walked {
  const over = new Set<StepId>();
  let walked = from;
  for (;;) {
    const batch = [...nextBatch(steps, over)];
    if (batch.length === 0) return walked;
    while (batch.length > 0) {
      const [chosen] = batch.splice(choose(batch.length), 1);
      const step = bindSteps(chosen === undefined ? [] : [chosen], walked.placeholders)[0];
      invariant(step !== undefined, 'one of the batch');
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

/** Applies a plan, up to a number of writes. */
export function walkThere(stock: Stock, { steps }: Plan, choose: Choose, writes = Infinity): Walked {
  const start: Walked = { first: stock, stock, placeholders: new Map(), done: [], touched: new Set() };
  return walk(start, steps, choose, writes);
}

/** Rolls back from the point where a plan stopped; writes that were never done are skipped. */
export function walkBack(there: Walked, { rollback }: Plan, choose: Choose): Walked {
  const isOurs = (step: Step) =>
    step.kind !== 'write' || (step.undoes !== null && there.done.includes(step.undoes));
  const left = rollback.filter((step) => !isOurs(step)).map((step) => step.id);
  const steps = rollback
    .filter(isOurs)
    .map((step) => ({ ...step, needs: step.needs.filter((id) => !left.includes(id)) }));
  return walk(there, steps, choose, Infinity);
}
