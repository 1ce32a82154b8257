import type { RampStep } from '@/lib/diversion/switch';

/** The default bake time of a share, in seconds. Spillway's choice. */
export const bakeDefaultS = 300;

/**
 * Returns a ramp with one more step, before the last one and half-way up to it: shares only rise, and the last one is
 * the Switch's final share. If no whole share fits between, the new step is added at the end, to be filled in.
 */
export function nextStep(ramp: readonly RampStep[]): readonly RampStep[] {
  const last = ramp.at(-1) ?? { percent: 100, bakeS: 0 };
  const before = ramp.at(-2)?.percent ?? 0;
  const half = Math.floor((before + last.percent) / 2);
  if (half <= before || half >= last.percent || Number.isNaN(half))
    return [...ramp, { percent: Number.NaN, bakeS: bakeDefaultS }];
  return [...ramp.slice(0, -1), { percent: half, bakeS: bakeDefaultS }, last];
}
