import type { RampStep } from '@/lib/diversion/switch';

/** How long a share proves itself where nobody said otherwise, in seconds. Our choice. */
export const bakeDefaultS = 300;

/**
 * A ramp with one step more, before the last one and half-way up to it: shares only rise, and the last one is where the
 * Switch is to end. Where there is no whole share between, it comes at the end, to be filled in.
 */
export function nextStep(ramp: readonly RampStep[]): readonly RampStep[] {
  const last = ramp.at(-1) ?? { percent: 100, bakeS: 0 };
  const before = ramp.at(-2)?.percent ?? 0;
  const half = Math.floor((before + last.percent) / 2);
  if (half <= before || half >= last.percent || Number.isNaN(half))
    return [...ramp, { percent: Number.NaN, bakeS: bakeDefaultS }];
  return [...ramp.slice(0, -1), { percent: half, bakeS: bakeDefaultS }, last];
}
