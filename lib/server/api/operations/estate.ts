import 'server-only';
import { z } from 'zod';
import { mapLimits } from '@/lib/estate/topology/map-model';
import { listConnections } from '@/lib/server/connections/list-connections';
import { acceptDrift } from '@/lib/server/drift/accept-drift';
import { getDrift } from '@/lib/server/drift/get-drift';
import { restoreDrift } from '@/lib/server/drift/restore-drift';
import { exportBindings } from '@/lib/server/estate/export-bindings';
import { getEstate, getEstateSummary, getSnapshot } from '@/lib/server/estate/get-estate';
import { getPastEstate } from '@/lib/server/estate/get-past-estate';
import { listBindings } from '@/lib/server/estate/list-bindings';
import { listEstateChanges } from '@/lib/server/estate/list-estate-changes';
import { startSync } from '@/lib/server/estate/start-sync';
import { getMap, getNode, listRoutes } from '@/lib/server/topology/get-topology';
import type { Operation } from './operation';
import { pageAddress, toAddress } from './page-address';

const { listQuery, At } = pageAddress;
/** The filter of the map and of its routes. */
const mapQuery = {
  at: At.optional(),
  q: z.string().optional(),
  region: z.string().optional(),
  state: z.enum(['unhealthy', 'drifted']).optional(),
  focus: z.array(z.string()).optional(),
};

const bindingQuery = z.object({ ...listQuery, kind: z.string().optional(), health: z.string().optional() });

/** Accounts with their estates and drift. */
export const estateOperations = [
  {
    name: 'connection.list',
    method: 'GET',
    path: '/connections',
    summary: 'Lists the accounts that the worker has keys for, sandbox first',
    run: listConnections,
    list: { key: ({ id }: { readonly id: string }) => id },
    answer: z.array(
      z.looseObject({ id: z.string(), name: z.string(), kind: z.enum(['sandbox', 'tencent']) }),
    ),
  },
  {
    name: 'estate.sync',
    method: 'POST',
    path: '/connections/{connectionId}/sync',
    summary: 'Requests a sync of an account',
    run: startSync,
  },
  {
    name: 'estate.get',
    method: 'GET',
    path: '/connections/{connectionId}/estate',
    summary: 'Returns the newest snapshot of an account, with its sync',
    run: getEstate,
  },
  {
    name: 'estate.getSummary',
    method: 'GET',
    path: '/connections/{connectionId}/summary',
    summary: 'Returns the counts of the newest snapshot, and the state of the sync',
    run: getEstateSummary,
  },
  {
    name: 'estate.getSnapshot',
    method: 'GET',
    path: '/connections/{connectionId}/snapshot',
    summary: 'Returns the newest snapshot, together with those of other accounts',
    run: getSnapshot,
  },
  {
    name: 'estate.getPast',
    method: 'GET',
    path: '/connections/{connectionId}/past',
    summary: 'Returns the snapshot at an instant',
    run: getPastEstate,
  },
  {
    name: 'estate.listChanges',
    method: 'GET',
    path: '/connections/{connectionId}/changes',
    summary:
      'Returns the changes of an account between two instants, by default of the last day, with actors',
    run: listEstateChanges,
  },
  {
    name: 'estate.getMap',
    method: 'GET',
    path: '/connections/{connectionId}/map',
    summary: 'Returns the part of the estate that a view of the map draws',
    run: getMap,
    query: z.object({ ...mapQuery, open: z.array(z.string()).optional(), page: z.int().min(1).optional() }),
    toInput: toAddress,
  },
  {
    name: 'estate.listRoutes',
    method: 'GET',
    path: '/connections/{connectionId}/routes',
    summary: 'Lists the routes of an estate that pass a filter',
    run: listRoutes,
    query: z.object({ ...mapQuery, sort: z.string().optional(), order: z.enum(['asc', 'desc']).optional() }),
    toInput: toAddress,
    list: 'rows',
  },
  {
    name: 'estate.getNode',
    method: 'GET',
    path: '/connections/{connectionId}/node',
    summary: 'Returns all details of one object of an estate',
    run: getNode,
    query: z.object({ node: z.string().max(mapLimits.id), at: At.optional() }),
    toInput: toAddress,
  },
  {
    name: 'binding.list',
    method: 'GET',
    path: '/connections/{connectionId}/bindings',
    summary: 'Lists the rules and layer 4 listeners that pass a filter',
    run: listBindings,
    query: bindingQuery,
    toInput: toAddress,
    list: 'rows',
    answer: z.looseObject({ rows: z.array(z.looseObject({})), found: z.int(), total: z.int() }),
  },
  {
    name: 'binding.export',
    method: 'GET',
    path: '/connections/{connectionId}/bindings.csv',
    summary: 'Exports the rules and layer 4 listeners that pass a filter as CSV',
    run: exportBindings,
    query: bindingQuery,
    toInput: toAddress,
    text: (file: { readonly text: string; readonly fileName: string }) => ({
      ...file,
      type: 'text/csv; charset=utf-8; header=present',
    }),
  },
  {
    name: 'drift.get',
    method: 'GET',
    path: '/connections/{connectionId}/drift',
    summary: 'Returns the drift of an account',
    run: getDrift,
  },
  {
    name: 'drift.accept',
    method: 'POST',
    path: '/connections/{connectionId}/drift/accept',
    summary: 'Accepts drift: the found state of these objects becomes the baseline',
    run: acceptDrift,
    example: { objects: [{ key: 'rule/loc-shop', mark: '1' }], reason: 'Changed on purpose.' },
  },
  {
    name: 'drift.restore',
    method: 'POST',
    path: '/connections/{connectionId}/drift/restore',
    summary: 'Plans the changes that restore drifted objects',
    run: restoreDrift,
    example: { keys: ['rule/loc-shop'] },
    answer: z.object({ planId: z.string() }),
  },
] as const satisfies readonly Operation[];
