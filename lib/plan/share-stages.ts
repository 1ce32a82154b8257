import type { Plan } from './model/model';

/** A share that a plan sets, of all its names. */
type ShareStage = {
  /** The share of the gaining side, in %. */
  readonly percent: number;
  /** The time until the next stage, in seconds: a bake, and between waves at least the TTL of the names that have moved. */
  readonly forS: number;
};

/** The part of the requests that each name gets, relative to the others; a name without one has 1. */
export type NameWeights = Readonly<Record<string, number>>;

/**
 * Returns the shares that a plan sets one after the other: along its ramp, or along the ramp of each wave in turn. The
 * names of a wave have their part of all requests; those of later waves have not moved yet. A wave without moves has no
 * stage.
 */
export function listShareStages(
  { diversion, steps }: Pick<Plan, 'diversion' | 'steps'>,
  weights: NameWeights = {},
): readonly ShareStage[] {
  if (diversion.kind !== 'switch') return [{ percent: 100, forS: 0 }];
  const { ramp, waves } = diversion;
  if (waves === undefined) return ramp.map(({ percent, bakeS }) => ({ percent, forS: bakeS }));
  const weigh = (names: readonly string[]) => names.reduce((sum, name) => sum + (weights[name] ?? 1), 0);
  const all = weigh(waves.flatMap(({ names }) => names));
  const stages: ShareStage[] = [];
  let moved = 0;
  for (const [index, { names, bakeS }] of waves.entries()) {
    const own = steps.filter(({ phase, wave }) => phase === 'divert' && wave === index + 1);
    if (!own.some(({ kind }) => kind === 'write')) {
      moved += weigh(names);
      continue;
    }
    const lastBake = own.findLast((step) => step.kind === 'bake');
    const ttlS = bakeS > 0 && lastBake?.kind === 'bake' ? lastBake.oldTtlS : 0;
    for (const [nth, { percent, bakeS: rampS }] of ramp.entries()) {
      const isLast = nth === ramp.length - 1;
      stages.push({
        percent: (moved * 100 + weigh(names) * percent) / all,
        forS: isLast ? Math.max(bakeS, ttlS) : rampS,
      });
    }
    moved += weigh(names);
  }
  return stages;
}
