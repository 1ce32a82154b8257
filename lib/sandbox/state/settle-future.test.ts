import { expect, test } from 'vitest';
import { testBalancer, testWorld } from '@/testing/sandbox/data-plane/test-world';
import { scfFunction, seedRecord, seedZone } from '../seeds/parts';
import type { WorldTask } from '../world/task';
import { settleFuture } from './settle-future';

const now = 1_000_000;
const task = (startedAt: number, endsAt: number | null): WorldTask => ({
  id: 'task-1',
  loadBalancerIds: ['lb-1'],
  action: 'DeleteRule',
  startedAt,
  endsAt,
  outcome: 'running',
  message: '',
  fault: null,
  effect: {
    kind: 'deleteRules',
    loadBalancerId: 'lb-1',
    listenerId: 'lbl-1',
    ruleIds: [],
    newDefaultDomain: null,
  },
});

test('moves future starts to now, and keeps their remaining time', () => {
  const settling = scfFunction({ region: 'r', namespace: 'n', name: 'f', zip: '', createdAt: 0 });
  const ahead = seedRecord({ id: 1, subdomain: 'www', type: 'A', value: '127.0.0.1', updatedAt: now + 5000 });
  const { world, account } = testWorld({
    tasks: { 'task-1': task(now + 3_600_000, now + 3_601_000), 'task-2': task(now + 10, null) },
    functions: { 'r/n/f': { ...settling, modifiedAt: now + 7000, settlesAt: now + 8000 } },
    zones: {
      'x.test': seedZone({
        id: 1,
        name: 'x.test',
        grade: 'DP_ULTRA',
        createdAt: 0,
        records: [{ ...ahead, indexedAt: now + 6000 }],
      }),
    },
  });
  settleFuture(world, now);
  expect(account.tasks['task-1']).toMatchObject({ startedAt: now, endsAt: now + 1000 });
  expect(account.tasks['task-2']).toMatchObject({ startedAt: now, endsAt: null });
  expect(account.functions['r/n/f']).toMatchObject({ modifiedAt: now, settlesAt: now + 1000 });
  expect(account.zones['x.test']?.records.at(-1)).toMatchObject({ updatedAt: now, indexedAt: now + 1000 });
});

test('keeps past times, and future ends of events that have started', () => {
  const { world, account } = testWorld({
    tasks: { 'task-1': task(now - 500, now + 500) },
    loadBalancers: { 'lb-1': testBalancer({ id: 'lb-1', createdAt: now - 1 }) },
  });
  const before = structuredClone(account);
  settleFuture(world, now);
  expect(account).toEqual(before);
});
