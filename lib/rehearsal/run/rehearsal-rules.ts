import type { Cutover } from '@/lib/diversion/cutover';
import { prewarmAt, staysMoved } from '@/lib/diversion/cutover-times';
import { findFreeze } from '@/lib/diversion/freeze-times';
import type { Estate } from '@/lib/estate/model';
import { anticipate } from '@/lib/plan/model/anticipate';
import type { Plan, StepId, WriteStep } from '@/lib/plan/model/model';
import type { RehearsalConditions } from '@/lib/rehearsal/conditions';
import type { Problem, RunEvent } from '@/lib/run/model/model';
import { judgeChange, nextChange } from '@/lib/safety/judge-change';
import { type SafetyFacts, type Violation, violationValues } from '@/lib/safety/safety-facts';
import { forecastWriteTimes } from '@/lib/safety/write-times';

export type RulesParts = {
  readonly plan: Plan;
  readonly cutover: Cutover | null;
  /** The snapshot that the rehearsal begins with. */
  readonly estate: Estate;
  readonly conditions: RehearsalConditions | undefined;
  readonly now: () => Date;
  readonly events: () => readonly RunEvent[];
};

/** The questions of a run before it continues, besides the state of the accounts. */
export type RehearsalRules = {
  /** Returns why the waiting plan may not start: the pause, a freeze at T0, the preflight, and the rules that the rest of it violates. */
  readonly checkPlan: () => readonly Problem[];
  /** Returns why a plan without a schedule may not be applied: the preflight. */
  readonly checkStart: () => readonly Problem[];
  /** Returns the rules that the state after a write would violate. */
  readonly checkWrite: (step: WriteStep) => readonly Problem[];
};

const toProblem = (violation: Violation): Problem => ({
  kind: 'safetyRule',
  values: violationValues(violation),
});

/** Returns the facts of the rules at an instant of the virtual clock. */
function factsAt({ otherRuns, ...facts }: RehearsalConditions['safety'], now: Date): SafetyFacts {
  const isUnderWay = ({ from, until }: (typeof otherRuns)[number]) =>
    (from === null || Date.parse(from) <= now.getTime()) &&
    (until === null || Date.parse(until) > now.getTime());
  return {
    ...facts,
    otherRuns: otherRuns.filter(isUnderWay).map(({ id, connectionIds }) => ({ id, connectionIds })),
  };
}

/** Returns the steps of an apply that are in effect, or may be: their calls were about to be sent. */
function listBegun(events: readonly RunEvent[]): ReadonlySet<StepId> {
  return new Set(
    events.flatMap((event) =>
      (event.type === 'intent' || event.type === 'stepDone') && event.direction === 'apply'
        ? [event.stepId]
        : [],
    ),
  );
}

/**
 * Creates the judge of a rehearsed run: the safety rules, the pause and the freezes that a worker asks for a stored run,
 * at the same places. The rules see the snapshot with the states that the run's writes have left.
 */
export function createRehearsalRules(parts: RulesParts): RehearsalRules {
  const { plan, cutover, conditions } = parts;
  if (conditions === undefined) return { checkPlan: () => [], checkStart: () => [], checkWrite: () => [] };
  const { safety, freezes, stop, blocked } = conditions;
  const blocks: readonly Problem[] = blocked === null ? [] : [{ kind: 'blocked', values: blocked }];
  const { estate } = anticipate(parts.estate, plan.diversion);
  const hasRules = safety.rules.some(({ rule }) => rule.isEnabled);
  const listTimes = (now: string) =>
    forecastWriteTimes(plan.steps, {
      from: cutover === null ? now : prewarmAt(cutover).toISOString(),
      t0: cutover?.t0 ?? null,
      isPermanent: cutover === null || staysMoved(cutover),
    });
  const judgeRest = (now: Date): readonly Problem[] => {
    if (!hasRules) return [];
    const begun = listBegun(parts.events());
    const writes = plan.steps.filter((step) => step.kind === 'write');
    const change = {
      plan,
      estate,
      writes: writes.filter(({ id }) => !begun.has(id)),
      before: writes.filter(({ id }) => begun.has(id)),
      at: now.getTime(),
      times: listTimes(now.toISOString()).filter(({ to }) => to >= now.getTime()),
    };
    return judgeChange(change, factsAt(safety, now)).map(toProblem);
  };
  return {
    checkPlan() {
      const now = parts.now();
      const iso = now.toISOString();
      const movesAt = cutover === null || cutover.t0 < iso ? iso : cutover.t0;
      const frozen = findFreeze(freezes, movesAt, movesAt);
      return [
        ...(stop === null ? [] : [{ kind: 'stopped', values: { actor: stop.actor, reason: stop.reason } }]),
        ...(frozen === null ? [] : [{ kind: 'frozen', values: { freeze: frozen.name } }]),
        ...blocks,
        ...judgeRest(now),
      ];
    },
    checkStart: () => (cutover === null ? blocks : []),
    checkWrite(step) {
      if (!hasRules) return [];
      const now = parts.now();
      const change = {
        plan,
        estate,
        stepId: step.id,
        begun: listBegun(parts.events()),
        at: now.getTime(),
      };
      return judgeChange(nextChange(change), factsAt(safety, now)).map(toProblem);
    },
  };
}
