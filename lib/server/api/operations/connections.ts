import 'server-only';
import { z } from 'zod';
import {
  addConnection,
  changeConnection,
  removeConnection,
  rotateConnectionKeys,
  testConnection,
} from '@/lib/server/connections/change-connections';
import { listConnectionSettings } from '@/lib/server/connections/list-connection-settings';
import type { Operation } from './operation';

const key = { secretId: 'AKIDexample', secretKey: 'the-secret-key' };

/** The connections with the origin of their keys, and those that people add. */
export const connectionOperations = [
  {
    name: 'connection.listSettings',
    method: 'GET',
    path: '/connection-settings',
    summary: 'Returns the connections with the origin of their keys, without keys',
    run: listConnectionSettings,
  },
  {
    name: 'connection.add',
    method: 'POST',
    path: '/connections',
    summary: 'Adds a connection. Refused to tokens',
    run: addConnection,
    example: {
      name: 'Live shop',
      kind: 'tencent',
      site: 'mainland',
      regions: ['ap-singapore'],
      read: key,
      writes: 'none',
      write: null,
    },
    answer: z.object({ id: z.string() }),
  },
  {
    name: 'connection.change',
    method: 'PUT',
    path: '/connections/{id}',
    summary: 'Changes the name and the regions of a connection. Refused to tokens',
    run: changeConnection,
    example: { name: 'Live shop', regions: ['ap-singapore', 'ap-jakarta'] },
  },
  {
    name: 'connection.rotateKeys',
    method: 'PUT',
    path: '/connections/{id}/keys',
    summary: 'Replaces keys of a connection. Refused to tokens',
    run: rotateConnectionKeys,
    example: { read: key, writes: 'same', write: null },
  },
  {
    name: 'connection.test',
    method: 'POST',
    path: '/connections/{id}/test',
    summary: 'Requests a test of a connection: its account, and the rights of its keys',
    run: testConnection,
  },
  {
    name: 'connection.remove',
    method: 'DELETE',
    path: '/connections/{id}',
    summary: 'Removes a connection with its keys. Refused to tokens',
    run: removeConnection,
  },
] as const satisfies readonly Operation[];
