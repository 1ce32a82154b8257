import { type PlanProblem, type ResolvedLane, resolveLane } from '@/lib/plan/resolve-lane';
import type { Result } from '@/lib/result';
import type { PreflightInput } from './model';

/** A lane that could be looked up, with the field prefix under which its findings are shown. */
export type CheckedLane = ResolvedLane & { readonly prefix: 'laneA' | 'laneB' };

/** Both lanes looked up, or why one can't be. */
export function resolvedLanes({ estate, diversion }: PreflightInput): readonly {
  readonly prefix: 'laneA' | 'laneB';
  readonly lane: Result<ResolvedLane, PlanProblem>;
}[] {
  return (['laneA', 'laneB'] as const).map((prefix) => ({
    prefix,
    lane: resolveLane(estate, diversion[prefix], prefix),
  }));
}

/** The lanes whose choices exist in the estate; the check `choices` reports those that don't. */
export function lanesOf(input: PreflightInput): readonly CheckedLane[] {
  return resolvedLanes(input).flatMap(({ prefix, lane }) => (lane.ok ? [{ ...lane.value, prefix }] : []));
}

/** The part of the estate that holds a lane's listeners and rules. */
export function partOf({ loadBalancer }: ResolvedLane): `clb/${string}` {
  return `clb/${loadBalancer.region}/${loadBalancer.id}`;
}

/** Lane B, the one that a function is bound in; undefined while its choices can't be looked up. */
export function functionLaneOf(input: PreflightInput): CheckedLane | undefined {
  return lanesOf(input).find((lane) => lane.prefix === 'laneB');
}
