import { createFindings } from '@/lib/preflight/model/finding';
import type { CheckInput, Finding } from '@/lib/preflight/model/model';
import { judgeEachRule } from '@/lib/safety/judge-change';
import { type Violation, violationValues, type WriteTime } from '@/lib/safety/safety-facts';
import { forecastWriteTimes } from '@/lib/safety/write-times';

const { pass, warn, block } = createFindings(
  'safety-rules',
  'https://docs.aws.amazon.com/r53recovery/latest/dg/routing-control.safety-rules.html',
);

/** Returns when the plan writes; null = it has no schedule yet. */
function listTimes({ conditions: { span, safety }, steps }: CheckInput): readonly WriteTime[] | null {
  if (span === null || safety === undefined) return null;
  return forecastWriteTimes(steps, { from: span.from, t0: safety.t0, isPermanent: span.until === null });
}

/**
 * Checks that the plan keeps to the safety rules in the state after each of its steps. What may be allowed when it starts
 * is a warning until then. Yields no finding after each rule, so that other work can continue, and all of them last.
 */
export function* checkEachSafetyRule(input: CheckInput): Generator<readonly Finding[]> {
  const { estate, before, diversion, steps, conditions } = input;
  const { safety } = conditions;
  const enabled = safety?.facts.rules.filter(({ rule }) => rule.isEnabled) ?? [];
  if (safety === undefined || enabled.length === 0) return;
  const violations: Violation[] = [];
  const judged = judgeEachRule(
    {
      plan: { connectionId: before.connectionId, diversion, steps },
      estate,
      writes: steps.filter((step) => step.kind === 'write'),
      before: [],
      at: Date.parse(conditions.now),
      times: listTimes(input),
    },
    safety.facts,
  );
  for (const found of judged) {
    violations.push(...found);
    yield [];
  }
  const found = { field: null, objects: [] };
  if (violations.length === 0) yield [pass({ ...found, why: 'pass', values: { count: enabled.length } })];
  yield violations.map((violation) => {
    const given = { field: null, objects: [violation.object], values: violationValues(violation) };
    return violation.isMomentary && !safety.isStart
      ? warn({ ...given, why: 'now' })
      : block({ ...given, why: 'refused' });
  });
}
