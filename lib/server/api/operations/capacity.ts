import 'server-only';
import { z } from 'zod';
import { getTrafficHistory } from '@/lib/server/capacity/get-history';
import { listHistoryPlaces } from '@/lib/server/capacity/list-places';
import type { Operation } from './operation';

/** Inputs of the capacity model from accounts. That of a plan is `plan.getScenario`. */
export const capacityOperations = [
  {
    name: 'capacity.listPlaces',
    method: 'GET',
    path: '/connections/{connectionId}/history-places',
    summary:
      'Lists load balancers, domains and paths whose past requests can be read from Monitor, at most 50 that match a search',
    run: listHistoryPlaces,
    query: z.object({ search: z.string().optional() }),
    toInput: ({ path, query }) => ({ ...path, search: query.get('search') ?? '' }),
  },
  {
    name: 'capacity.readHistory',
    method: 'GET',
    path: '/connections/{connectionId}/traffic-history',
    summary:
      'Returns the requests per second of a past event from Monitor, as a worker last read them: poll while its state is running',
    run: getTrafficHistory,
    query: z.object({
      region: z.string(),
      loadBalancerId: z.string(),
      listenerId: z.string().optional(),
      domain: z.string().optional(),
      url: z.string().optional(),
      from: z.iso.datetime({ offset: true }),
      to: z.iso.datetime({ offset: true }),
    }),
    toInput: ({ path, query }) => {
      const { from, to, ...place } = Object.fromEntries(query);
      return { ...path, place, from, to };
    },
  },
] as const satisfies readonly Operation[];
