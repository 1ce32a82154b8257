import { vi } from 'vitest';
import type { Estate } from '@/lib/estate/model';
import { buildMap } from '@/lib/estate/topology/build-map';
import { buildRoutes } from '@/lib/estate/topology/build-routes';
import { filterRoutes, pageRoutes } from '@/lib/estate/topology/find-routes';
import { parseMapView, parseRouteFilter, parseRouteOrder } from '@/lib/estate/topology/map-params';
import { findNodeDetail } from '@/lib/estate/topology/node-detail';
import { parseRead } from './parse-read';

/** Answers requests for parts of an estate as the server does, until `vi.unstubAllGlobals`. */
export function serveEstate(estate: Estate, drifted: ReadonlySet<string> = new Set()): void {
  const routes = buildRoutes(estate);
  const answer = (name: string, params: URLSearchParams): unknown => {
    if (name === 'estate.getMap') return buildMap(routes, parseMapView(params), drifted);
    if (name === 'estate.getNode') return findNodeDetail(estate, routes, params.get('node') ?? '');
    const found = filterRoutes(routes, parseRouteFilter(params), drifted);
    const page = { offset: Number(params.get('offset')), limit: Number(params.get('limit')) };
    const rows = pageRoutes(found, parseRouteOrder(params), page, drifted);
    return { rows, found: found.length, total: routes.length };
  };
  vi.stubGlobal('fetch', async (address: string) => {
    const { name, input } = parseRead<'estate.getMap'>(address);
    return Response.json(answer(name, new URLSearchParams(input.query)));
  });
}
