import { listDomains } from '@/lib/diversion/routes';

/** The parts of a diversion that name objects, complete or as it is edited. */
type Named = {
  readonly connections?: readonly string[];
  readonly creates: { readonly loadBalancers: readonly { readonly region: string }[] };
  readonly routes: readonly { readonly domain: string; readonly function?: { readonly region: string } }[];
};

/**
 * Returns the connections, regions and domains that a diversion names. Which load balancers it names, and so their regions, only
 * the estate knows: a plan is checked again before it is stored.
 */
export function listNamedObjects(connectionId: string, { connections = [], creates, routes }: Named) {
  const regions = [
    ...creates.loadBalancers.map(({ region }) => region),
    ...routes.flatMap((route) => (route.function === undefined ? [] : [route.function.region])),
  ];
  return {
    connections: [connectionId, ...connections],
    regions: [...new Set(regions)].filter((region) => region !== ''),
    domains: listDomains(routes).filter((domain) => domain !== ''),
  };
}
