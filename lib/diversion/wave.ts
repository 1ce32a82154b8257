import { z } from 'zod';
import { DomainName } from './names';
import { waveNamesMax } from './wave-limits';

/**
 * Waves: the names of a diversion that move together, in the order in which the waves move. A wave moves once the one
 * before it is verified and has baked, so the first one is the canary.
 */

export const Wave = z.object({
  names: z.array(DomainName).min(1, 'waves.empty').max(waveNamesMax, 'waves.tooManyNames'),
  /** Bake time before the next wave, in seconds. It does nothing in the last wave. */
  bakeS: z.number('waves.bake').int('waves.bake').min(0, 'waves.bake').max(86_400, 'waves.bake'),
});
export type Wave = z.infer<typeof Wave>;

/** A rule that waves break, with the path of the name below `waves`. */
export type WaveFault = { readonly message: string; readonly path: readonly (string | number)[] };

/**
 * Returns the faults of waves: a name that is listed twice or in two waves, too many names, a single name, which needs
 * no wave.
 */
export function findWaveFaults(waves: readonly Pick<Wave, 'names'>[]): readonly WaveFault[] {
  const faults: WaveFault[] = [];
  const seen = new Map<string, number>();
  waves.forEach(({ names }, wave) => {
    names.forEach((name, nth) => {
      const first = seen.get(name);
      if (first === undefined) seen.set(name, wave);
      else {
        const message = first === wave ? 'waves.twice' : 'waves.twoWaves';
        faults.push({ message, path: [wave, 'names', nth] });
      }
    });
  });
  if (seen.size > waveNamesMax) faults.push({ message: 'waves.tooManyNames', path: [] });
  if (seen.size < 2) faults.push({ message: 'waves.oneName', path: [] });
  return faults;
}

/** A wave as it is shown: its number from 1, of how many, and its names. */
export type NumberedWave = Pick<Wave, 'names'> & { readonly number: number; readonly all: number };
