import type { CapacityAssumptions } from '@/lib/capacity/scenario/assumptions';
import type { ScenarioFunction, ScenarioRegion } from '@/lib/capacity/scenario/scenario';

/** Returns the provisioned instances of a function that are warm at a time, in seconds of the scenario. */
export type WarmCurve = (atS: number) => number;

/**
 * Returns the pace at which a function's provisioned instances start, per second.
 * https://www.tencentcloud.com/document/product/583/44843
 * @param sharing functions of the region that have provisioned instances
 */
export function warmUpPerS(
  region: ScenarioRegion,
  sharing: number,
  assumptions: CapacityAssumptions,
): number {
  const perS = region.provisionedPerMinute / 60;
  return assumptions['function.warmUpPace'] === 'version' ? perS : perS / Math.max(1, sharing);
}

/**
 * Returns how a function's instances get warm: one after the other at the pace, from the moment that more are wanted;
 * surplus ones end at once. The sandbox does the same (`lib/sandbox/model/scf/provisioned.ts`).
 */
export function warmCurve({ provisioned }: Pick<ScenarioFunction, 'provisioned'>, perS: number): WarmCurve {
  // The number of warm instances at each change of the wanted number.
  const steps: { readonly atS: number; readonly warm: number; readonly target: number }[] = [];
  for (const { atS, instances } of provisioned) {
    const before = steps.at(-1);
    const grown = before === undefined ? 0 : before.warm + (atS - before.atS) * perS;
    const warm = Math.min(before?.target ?? 0, grown);
    steps.push({ atS, warm: Math.min(warm, instances), target: instances });
  }
  return (atS) => {
    let warm = 0;
    for (const step of steps) {
      if (step.atS > atS) break;
      warm = Math.min(step.target, step.warm + (atS - step.atS) * perS);
    }
    return warm;
  };
}
