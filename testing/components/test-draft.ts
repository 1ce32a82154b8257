import type { Diversion } from '@/lib/diversion/diversion';
import { type Draft, emptyDraft } from '@/lib/draft/draft';

/** Converts a diversion to the draft that results in it. */
export function toDraft(diversion: Diversion): Draft {
  const { kind, name, creates, lowerTtlS, expectedPeakRps, prewarmS = null, routes } = diversion;
  const ramp = kind === 'switch' ? { toward: diversion.toward, ramp: diversion.ramp } : {};
  return {
    ...emptyDraft(kind, name),
    creates,
    lowerTtlS,
    expectedPeakRps,
    prewarmS,
    ...ramp,
    routes: routes.map((route, index) => ({ ...route, key: String(index) })),
  };
}
