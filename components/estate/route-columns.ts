import {
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  sortFn_alphanumeric,
  tableFeatures,
} from '@tanstack/react-table';
import { poolWeight } from '@/components/topology/group';
import { getShownAddress } from '@/components/topology/node-body';
import { type Backend, getRouteRegion, type TopologyRoute } from '@/components/topology/route';
import { poolName } from '@/lib/estate/pool-name';

export const routeFeatures = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { alphanumeric: sortFn_alphanumeric },
});

const column = createColumnHelper<typeof routeFeatures, TopologyRoute>();
const options = { sortFn: 'alphanumeric', sortUndefined: 'last' } as const;

/** The sort value of each column; its rendering is in `route-cell.tsx`. */
export const routeColumns = column.columns([
  column.accessor((route) => route.host ?? undefined, { id: 'domain', ...options }),
  column.accessor((route) => routeAddress(route), { id: 'address', ...options }),
  column.accessor((route) => route.loadBalancer?.name, { id: 'loadBalancer', ...options }),
  column.accessor((route) => getRouteRegion(route) ?? undefined, { id: 'region', ...options }),
  column.accessor((route) => route.listener && `${route.listener.protocol}:${route.listener.port}`, {
    id: 'listener',
    ...options,
  }),
  column.accessor((route) => route.rule && `${route.rule.domain}${route.rule.url}`, {
    id: 'rule',
    ...options,
  }),
  column.accessor((route) => (route.backend ? (backendName(route.backend) ?? undefined) : undefined), {
    id: 'backend',
    ...options,
  }),
  column.accessor((route) => route.backend?.kind, { id: 'kind', ...options }),
  column.accessor((route) => (route.backend ? (poolWeight(route.backend) ?? undefined) : undefined), {
    id: 'weight',
    ...options,
  }),
]);

export type RouteColumn =
  | 'domain'
  | 'address'
  | 'loadBalancer'
  | 'region'
  | 'listener'
  | 'rule'
  | 'backend'
  | 'kind'
  | 'weight';

/** Returns the target of a record, or the address of a load balancer that no record points at. */
export function routeAddress(route: TopologyRoute): string | undefined {
  return route.record?.value ?? (route.loadBalancer ? getShownAddress(route.loadBalancer) : undefined);
}

/** @returns null for a pool whose members have no common name. */
export function backendName(backend: Backend): string | null {
  if (backend.kind === 'cvm') return poolName(backend.targets);
  const version = backend.binding === null ? '' : `:${backend.binding.qualifier}`;
  return `${backend.namespace}/${backend.name}${version}`;
}
