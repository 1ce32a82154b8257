import type { RampStep } from './switch';

/** The ramps on offer: shares of the side that traffic moves to, in %. */
const rampShapes = {
  flip: [100],
  careful: [10, 50, 100],
  even: [25, 50, 75, 100],
} as const satisfies Readonly<Record<string, readonly number[]>>;
export type RampShape = keyof typeof rampShapes;
export const rampShapeNames = Object.keys(rampShapes) as readonly RampShape[];

/**
 * Returns a ramp of a shape, starting at the current share of a side.
 * @param share the current share of the side, in %: a ramp never lowers it
 * @param bakeS between two shares, in seconds
 */
export function buildRamp(shape: RampShape, { share, bakeS }: { share: number; bakeS: number }): RampStep[] {
  const steps: readonly number[] = rampShapes[shape];
  return steps
    .filter((percent) => percent === 100 || percent > share)
    .map((percent) => ({ percent, bakeS: percent === 100 ? 0 : bakeS }));
}
