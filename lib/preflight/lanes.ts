import { type ResolvedLane, resolveLane } from '@/lib/plan/resolve-lane';
import type { PreflightInput } from './model';

/** A lane that could be looked up, with the field prefix under which its findings are shown. */
export type CheckedLane = ResolvedLane & { readonly prefix: 'laneA' | 'laneB' };

/** The lanes whose choices exist in the estate; the planner reports those that don't. */
export function lanesOf({ estate, diversion }: PreflightInput): readonly CheckedLane[] {
  return (['laneA', 'laneB'] as const).flatMap((prefix) => {
    const lane = resolveLane(estate, diversion[prefix], prefix);
    return lane.ok ? [{ ...lane.value, prefix }] : [];
  });
}

/** Lane B, the one that a function is bound in; undefined while its choices can't be looked up. */
export function functionLaneOf(input: PreflightInput): CheckedLane | undefined {
  return lanesOf(input).find((lane) => lane.prefix === 'laneB');
}
