import 'server-only';
import { z } from 'zod';
import type { RoutesView } from '@/lib/contract/estate';
import { buildMap } from '@/lib/estate/topology/build-map';
import { filterRoutes, pageRoutes } from '@/lib/estate/topology/find-routes';
import { mapLimits, type TopologyMap } from '@/lib/estate/topology/map-model';
import { parseMapView, parseRouteFilter, parseRouteOrder } from '@/lib/estate/topology/map-params';
import { findNodeDetail, type NodeDetail } from '@/lib/estate/topology/node-detail';
import { routeColumns } from '@/lib/estate/topology/route-filter';
import { AddressQuery } from '@/lib/server/page-params';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { type EstateAsked, readTopology, readTraffic } from './read-topology';

const Ids = (most: number) => z.array(z.string().min(1).max(mapLimits.id)).max(most).readonly();

/** The filter of an address as accepted by the server. */
const RouteFilterInput = z.object({
  search: z.string().max(mapLimits.text).default(''),
  region: z.string().max(mapLimits.text).nullable().default(null),
  state: z.enum(['unhealthy', 'drifted']).nullable().default(null),
  focus: Ids(mapLimits.focus).default([]),
});

/** The view of an address as accepted by the server. */
const MapViewInput = RouteFilterInput.extend({
  open: Ids(mapLimits.open).default([]),
  page: z.number().int().min(0).max(mapLimits.pages).default(0),
});

/** The instant of an address: `at`, ISO; without it, now. */
const At = z.iso
  .datetime({ offset: true })
  .nullable()
  .transform((at) => (at === null ? null : new Date(at)));

/** Creates the schema of a page's query of an estate: the query of its address, parsed, then validated. */
function asked<Schema extends z.ZodType>(schema: Schema, parse: (params: URLSearchParams) => unknown) {
  const shape = z.object({ at: At, shown: schema });
  return z.object({
    connectionId: z.string(),
    query: AddressQuery.transform((params, context) => {
      const parsed = shape.safeParse({ at: params.get('at'), shown: parse(params) });
      if (parsed.success) return parsed.data;
      for (const { message, path } of parsed.error.issues)
        context.addIssue({ code: 'custom', message, path });
      return z.NEVER;
    }),
  });
}

const scope = ({ connectionId }: Pick<EstateAsked, 'connectionId'>) => ({ connections: [connectionId] });

/** Returns only the part of an estate that a view draws; null before the first sync. */
export const getMap = query(
  'estate.getMap',
  asked(MapViewInput, parseMapView),
  scope,
  async ({ connectionId, query: { at, shown } }, actor): Promise<TopologyMap | null> => {
    const topology = await readTopology({ connectionId, at }, actor);
    if (topology === null) return null;
    const { db } = (await serverContext()).database;
    const traffic = at === null ? await readTraffic(db, connectionId) : undefined;
    return buildMap(topology.routes, shown, topology.drifted, traffic);
  },
);

/** The most rows of one page. */
const rowsMax = 200;

const RowsInput = z.object({
  filter: RouteFilterInput,
  order: z.object({ sort: z.enum(routeColumns).nullable(), descending: z.boolean() }),
  page: z.object({ offset: z.number().int().min(0), limit: z.number().int().min(1).max(rowsMax) }),
});

/** Returns the rows from `offset` on, at most `limit`, of the routes that pass a filter; null before the first sync. */
export const listRoutes = query(
  'estate.listRoutes',
  asked(RowsInput, (params) => ({
    filter: parseRouteFilter(params),
    order: parseRouteOrder(params),
    page: { offset: Number(params.get('offset') ?? 0), limit: Number(params.get('limit') ?? 100) },
  })),
  scope,
  async ({ connectionId, query: { at, shown } }, actor): Promise<RoutesView | null> => {
    const topology = await readTopology({ connectionId, at }, actor);
    if (topology === null) return null;
    const { routes, drifted } = topology;
    const found = filterRoutes(routes, shown.filter, drifted);
    const rows = pageRoutes(found, shown.order, shown.page, drifted);
    return { rows, found: found.length, total: routes.length };
  },
);

/** Returns all details of one node of an estate; null if the estate does not have it. */
export const getNode = query(
  'estate.getNode',
  asked(z.string().max(mapLimits.id), (params) => params.get('node') ?? ''),
  scope,
  async ({ connectionId, query: { at, shown } }, actor): Promise<NodeDetail | null> => {
    const topology = await readTopology({ connectionId, at }, actor);
    return topology && findNodeDetail(topology.estate, topology.routes, shown);
  },
);
