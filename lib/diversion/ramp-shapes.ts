import type { RampStep } from './switch';

/** The ramps that are offered: shares of the side that is moved to, in %. */
export const rampShapes = {
  flip: [100],
  careful: [10, 50, 100],
  even: [25, 50, 75, 100],
} as const satisfies Readonly<Record<string, readonly number[]>>;
export type RampShape = keyof typeof rampShapes;
export const rampShapeNames = Object.keys(rampShapes) as readonly RampShape[];

/**
 * A ramp of a shape, from where a side stands now.
 * @param share what the side has already, in %: a ramp never takes back what it has
 * @param bakeS between two shares, in seconds
 */
export function rampOf(shape: RampShape, { share, bakeS }: { share: number; bakeS: number }): RampStep[] {
  const steps: readonly number[] = rampShapes[shape];
  return steps
    .filter((percent) => percent === 100 || percent > share)
    .map((percent) => ({ percent, bakeS: percent === 100 ? 0 : bakeS }));
}
