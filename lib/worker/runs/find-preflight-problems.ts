import type { Cutover } from '@/lib/diversion/cutover';
import type { Estate } from '@/lib/estate/model';
import type { Plan } from '@/lib/plan/model/model';
import type { Conditions } from '@/lib/preflight/model/conditions';
import type { Finding } from '@/lib/preflight/model/model';
import { stops } from '@/lib/preflight/model/stops';
import { preflightInTurns } from '@/lib/preflight/preflight';
import type { Problem } from '@/lib/run/model/model';
import { getPlanSpan, objectKeys } from '@/lib/store/runs/run-overlap';

const isOfRule = ({ check }: Finding) => check === 'safety-rules';

/** Returns the problems of a plan's preflight: each safety rule that stops it, and the number of other blocks with the first. */
export async function findPreflightProblems(
  { diversion, restores, originalTtls }: Plan,
  estate: Estate,
  conditions: Conditions,
): Promise<readonly Problem[]> {
  const findings = await preflightInTurns({ estate, diversion, restores, originalTtls, conditions });
  const stopping = findings.filter(stops);
  const [first, ...more] = stopping.filter((finding) => !isOfRule(finding));
  return [
    ...stopping.filter(isOfRule).map(({ values }): Problem => ({ kind: 'safetyRule', values })),
    ...(first === undefined
      ? []
      : [{ kind: 'blocked', values: { count: more.length + 1, check: first.check } }]),
  ];
}

/**
 * Returns whether another run will roll back objects of the plan before the plan starts: until then the snapshot
 * contains that run's changes, and can't be used to judge the plan.
 */
export function isAfterRollback(
  { plan, cutover }: { readonly plan: Plan; readonly cutover: Cutover | null },
  { others }: Conditions,
): boolean {
  const own = getPlanSpan(plan, cutover);
  if (own === null) return false;
  const objects = objectKeys(plan);
  return others.some(
    (other) =>
      other.state === 'active' &&
      other.span !== null &&
      other.span.until !== null &&
      other.span.until <= own.from &&
      other.objects.some((key) => objects.includes(key)),
  );
}
