import type { RampStep } from '@/lib/diversion/switch';
import type { Plan, Step } from './model/model';

/** A share that a plan sets, of all its names. */
type ShareStage = {
  /** The share of the gaining side, in %. */
  readonly percent: number;
  /** The time until the next stage, in seconds: a bake, but at least the TTL of the answers from before. */
  readonly forS: number;
};

/** The part of the requests that each name gets, relative to the others; a name without one has 1. */
export type NameWeights = Readonly<Record<string, number>>;

/**
 * Returns the stages of some steps along a ramp. A share that the records have already has no bake, and no stage.
 * @param lastS the time after the last share if no bake follows it, in seconds
 */
function listRampStages(
  ramp: readonly RampStep[],
  steps: readonly Step[],
  lastS: number,
): readonly ShareStage[] {
  return ramp.flatMap(({ percent }, nth) => {
    const bake = steps.find(
      (step) => step.kind === 'bake' && step.phase === 'divert' && step.percent === percent,
    );
    if (bake?.kind === 'bake') return [{ percent, forS: Math.max(bake.bakeS, bake.oldTtlS) }];
    return nth === ramp.length - 1 ? [{ percent, forS: lastS }] : [];
  });
}

/**
 * Returns the shares that a plan sets one after the other: along its ramp, or along the ramp of each wave in turn. The
 * names of a wave have their part of all requests; those of later waves have not moved yet. A wave without moves has no
 * stage: its names have moved before.
 */
export function listShareStages(
  { diversion, steps }: Pick<Plan, 'diversion' | 'steps'>,
  weights: NameWeights = {},
): readonly ShareStage[] {
  if (diversion.kind !== 'switch') return [{ percent: 100, forS: 0 }];
  const { ramp, waves } = diversion;
  const last = ramp.at(-1);
  if (waves === undefined) return listRampStages(ramp, steps, last?.bakeS ?? 0);
  const weigh = (names: readonly string[]) => names.reduce((sum, name) => sum + (weights[name] ?? 1), 0);
  const all = weigh(waves.flatMap(({ names }) => names));
  const stages: ShareStage[] = [];
  let moved = 0;
  for (const [index, { names, bakeS }] of waves.entries()) {
    const own = steps.filter(({ phase, wave }) => phase === 'divert' && wave === index + 1);
    if (!own.some(({ kind }) => kind === 'write')) {
      moved += weigh(names) * 100;
      continue;
    }
    for (const { percent, forS } of listRampStages(ramp, own, bakeS))
      stages.push({ percent: (moved + weigh(names) * percent) / all, forS });
    moved += weigh(names) * (last?.percent ?? 100);
  }
  return stages;
}
