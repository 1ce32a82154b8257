import type { Diversion } from './diversion';
import type { DiversionDraft } from './draft';
import { listWaves } from './routes';

/**
 * Returns the draft that leads to a diversion. Of several names it keeps the routes of the first: those of the others are
 * made like them again.
 */
export function toDraft(diversion: Diversion): DiversionDraft {
  const { kind, name, creates, lowerTtlS, expectedPeakRps, acknowledged, routes } = diversion;
  const moves =
    kind === 'switch' ? diversion : { toward: 'function' as const, ramp: [{ percent: 100, bakeS: 0 }] };
  const waves = listWaves(diversion);
  const first = waves[0]?.names[0];
  const own = first === undefined ? routes : routes.filter(({ domain }) => domain === first);
  return {
    kind,
    name,
    creates,
    lowerTtlS,
    expectedPeakRps,
    acknowledged,
    routes: own.map((route, index) => ({ ...route, key: `route${index + 1}` })),
    waves,
    toward: moves.toward,
    ramp: moves.ramp,
  };
}
