import type { Diversion } from './diversion';
import type { DiversionDraft } from './draft';
import { listWaves } from './routes';

/** Returns the draft that results in a diversion. Names after the first one keep their routes. */
export function toDraft(diversion: Diversion): DiversionDraft {
  const {
    kind,
    name,
    creates,
    lowerTtlS,
    expectedPeakRps,
    prewarmS = null,
    acknowledged,
    routes,
  } = diversion;
  const moves =
    kind === 'switch' ? diversion : { toward: 'function' as const, ramp: [{ percent: 100, bakeS: 0 }] };
  const waves = listWaves(diversion);
  const first = waves[0]?.names[0];
  const placed = routes.map((route, index) => ({ ...route, key: `route${index + 1}` }));
  const isOfFirst = ({ domain }: { readonly domain: string }) => first === undefined || domain === first;
  return {
    kind,
    name,
    creates,
    lowerTtlS,
    expectedPeakRps,
    prewarmS,
    acknowledged,
    routes: placed.filter(isOfFirst),
    ownRoutes: placed.filter((route) => !isOfFirst(route)),
    waves,
    toward: moves.toward,
    ramp: moves.ramp,
  };
}
