import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instance } from '@/lib/sandbox/seeds/parts';
import type { WorldHealthCheck } from '@/lib/sandbox/world/clb';
import { ruleHealthCheck } from '@/lib/sandbox/world/health-check';
import type { WorldInstance } from '@/lib/sandbox/world/network';
import { healthyAfterMs, targetHealth, unhealthyAfterMs } from './target-health';

const registeredAt = 1_000_000;
const check = ruleHealthCheck();
const up = instance({ id: 'ins-1', name: 'web', region: 'r', zone: 'z', privateIp: '127.0.0.1' });
const stopped = (stateSince: number): WorldInstance => ({ ...up, state: 'STOPPED', stateSince });
const down = (downSince: number): WorldInstance => ({ ...up, downSince });
const started = (stateSince: number): WorldInstance => ({ ...up, stateSince });

test('follows the documented windows: 15 s until a new server is healthy, 16 s until a dead one is found', () => {
  expect(healthyAfterMs(check)).toBe(15_000);
  expect(unhealthyAfterMs(check)).toBe(16_000);
});

/** The case, the server, the time since its registration, and the expected health. */
test.each<[string, WorldInstance | undefined, number, string]>([
  ['a new server', up, 0, 'Unknown'],
  ['a new server just before its window ends', up, 14_999, 'Unknown'],
  ['a new server after its window', up, 15_000, 'Alive'],
  ['a server that was stopped before', stopped(5), 15_999, 'Unknown'],
  ['a server that was stopped before, found', stopped(5), 16_000, 'Dead'],
  ['a server that is gone', undefined, 16_000, 'Dead'],
  ['a healthy one that stopped, not found yet', stopped(registeredAt + 60_000), 75_999, 'Alive'],
  ['a healthy one that stopped, found', stopped(registeredAt + 60_000), 76_000, 'Dead'],
  ['a healthy one that answers no more', down(registeredAt + 60_000), 75_999, 'Alive'],
  ['a healthy one that answers no more, found', down(registeredAt + 60_000), 76_000, 'Dead'],
  ['a fault that is still to come', down(registeredAt + 60_000), 59_999, 'Alive'],
  ['one that stopped before it was ever healthy', stopped(registeredAt + 10_000), 25_999, 'Unknown'],
  ['one that was started again', started(registeredAt + 60_000), 74_999, 'Dead'],
  ['one that was started again, recovered', started(registeredAt + 60_000), 75_000, 'Alive'],
])('%s', (_, server, afterMs, health) => {
  expect(targetHealth(check, registeredAt, server, registeredAt + afterMs)).toBe(health);
});

test('reports no result without a check, or with the check off', () => {
  expect(targetHealth(null, registeredAt, up, registeredAt)).toBe('Close');
  expect(targetHealth({ ...check, on: false }, registeredAt, stopped(0), registeredAt)).toBe('Close');
});

test('finds every server unhealthy if the check does not accept 200; a layer-4 check ignores codes', () => {
  const later = registeredAt + 60_000;
  expect(targetHealth({ ...check, httpCodes: 29 }, registeredAt, up, later)).toBe('Dead');
  expect(targetHealth({ ...check, httpCodes: 29, type: 'TCP' }, registeredAt, up, later)).toBe('Alive');
});

const anyCheck = fc
  .record({
    intervalS: fc.integer({ min: 2, max: 300 }),
    timeoutS: fc.integer({ min: 2, max: 60 }),
    healthyCount: fc.integer({ min: 2, max: 10 }),
    unhealthyCount: fc.integer({ min: 2, max: 10 }),
  })
  .map((given): WorldHealthCheck => ({ ...check, ...given }));
const time = fc.integer({ min: 0, max: 10_000_000 });
const anyServer = fc
  .record({
    state: fc.constantFrom('RUNNING' as const, 'STOPPED' as const),
    stateSince: time,
    downSince: fc.option(time),
  })
  .map((given): WorldInstance => ({ ...up, ...given }));

describe('for any check, server and times', () => {
  /** Tests a property of the health at several moments after the server's last change. */
  const property = (holds: (healths: string[], server: WorldInstance) => void) =>
    fc.assert(
      fc.property(anyCheck, anyServer, time, fc.array(time, { minLength: 2 }), (given, server, at, later) => {
        const settled = Math.max(at, server.stateSince, server.downSince ?? 0);
        const moments = [...later].sort((a, b) => a - b).map((ms) => settled + ms);
        holds(
          moments.map((now) => targetHealth(given, at, server, now)),
          server,
        );
      }),
    );
  const answers = (server: WorldInstance) => server.state === 'RUNNING' && server.downSince === null;

  test('keeps an unchanged server Alive if it responds, else Dead', () => {
    property((healths, server) => {
      const final = answers(server) ? 'Alive' : 'Dead';
      const from = healths.indexOf(final);
      if (from >= 0) expect(healths.slice(from).every((health) => health === final)).toBe(true);
    });
  });

  test('reaches that state within its window', () => {
    fc.assert(
      fc.property(anyCheck, anyServer, time, (given, server, at) => {
        const settled = Math.max(at, server.stateSince, server.downSince ?? 0);
        const window = answers(server) ? healthyAfterMs(given) : unhealthyAfterMs(given);
        const final = answers(server) ? 'Alive' : 'Dead';
        expect(targetHealth(given, at, server, settled + window)).toBe(final);
      }),
    );
  });

  test('never reports a new server as Alive or Dead at once', () => {
    fc.assert(
      fc.property(anyCheck, anyServer, time, (given, server, at) => {
        const asIs = { ...server, stateSince: Math.min(server.stateSince, at) };
        expect(targetHealth(given, at, asIs, at)).toBe('Unknown');
      }),
    );
  });
});
