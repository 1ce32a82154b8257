import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Estate } from '@/lib/estate/model';
import { anticipate } from '@/lib/plan/model/anticipate';
import type { Finding, PreflightInput } from '@/lib/preflight/model/model';
import { preflightEachCheck } from '@/lib/preflight/preflight';
import { judgeEachRule } from '@/lib/safety/judge-change';
import type { JudgedChange, SafetyFacts, SafetyPlan, Violation } from '@/lib/safety/safety-facts';

/** The time after which other work of the process continues, in ms. */
const turnMs = 20;

/** Returns all items of an iterable that computes them one after another, and lets other work continue between them. */
async function inTurns<Item>(items: Iterable<Item>): Promise<readonly Item[]> {
  const found: Item[] = [];
  let begun = performance.now();
  for (const item of items) {
    found.push(item);
    if (performance.now() - begun < turnMs) continue;
    await nextTurn();
    begun = performance.now();
  }
  return found;
}

/** Runs every check over a diversion as `preflight` does. Other work of the process continues between them. */
export async function preflightInTurns(input: PreflightInput): Promise<readonly Finding[]> {
  return (await inTurns(preflightEachCheck(input))).flat();
}

/** Judges a change by the enabled rules. Other work of the process continues between them. */
export async function judgeInTurns(change: JudgedChange, facts: SafetyFacts): Promise<readonly Violation[]> {
  return (await inTurns(judgeEachRule(change, facts))).flat();
}

/** Judges all writes of a plan in the same way, on a snapshot. */
export function judgePlan(
  {
    plan,
    ...when
  }: { readonly plan: SafetyPlan; readonly estate: Estate } & Pick<JudgedChange, 'at' | 'times'>,
  facts: SafetyFacts,
): Promise<readonly Violation[]> {
  const { estate } = anticipate(when.estate, plan.diversion);
  const writes = plan.steps.filter((step) => step.kind === 'write');
  return judgeInTurns({ ...when, plan, estate, writes, before: [] }, facts);
}
