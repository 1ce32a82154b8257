import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { LauncherReport } from '@/lib/server/operations/launcher-report';
import { startHealthMonitor } from './health-monitor';
import type { ServiceStatus, SupervisedService } from './processes/supervise';

const folder = mkdtempSync(join(tmpdir(), 'spillway-lookout-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

function part(
  name: string,
  status: ServiceStatus,
  told: Partial<SupervisedService<true>> = {},
): SupervisedService<true> {
  const never = () => {
    throw new Error(`${name} is not asked for that`);
  };
  return {
    name,
    ready: Promise.resolve(true),
    tried: Promise.resolve(),
    status: () => status,
    send: never,
    stop: never,
    kill: never,
    restart: never,
    ...told,
  };
}

test('reports all parts, the disks and the log to the dashboard, and restarts the dashboard when its build is damaged', async () => {
  const since = Date.UTC(2026, 10, 27);
  const reports: LauncherReport[] = [];
  const restarted = new Promise<string>((resolve) => {
    const lookout = startHealthMonitor({
      services: [
        part('sandbox', { kind: 'failing', since, tries: 3, reason: 'sandbox ended with code 1' }),
        part(
          'web',
          { kind: 'up', since },
          {
            send: (message) => void reports.push(message as LauncherReport),
            restart: (why) => {
              lookout.stop();
              resolve(why);
            },
          },
        ),
      ],
      log: { say: () => {}, lost: () => 7 },
      folders: [folder, folder],
      isDashboardDamaged: () => reports.length > 0,
      everyMs: 1,
    });
  });
  expect(await restarted).toContain('build are missing or damaged');
  expect(reports[0]).toEqual({
    type: 'launcher',
    parts: [
      {
        name: 'sandbox',
        state: 'failing',
        since: '2026-11-27T00:00:00.000Z',
        reason: 'sandbox ended with code 1',
      },
      { name: 'web', state: 'up', since: '2026-11-27T00:00:00.000Z', reason: null },
    ],
    disks: [expect.objectContaining({ folder, freeBytes: expect.any(Number) })],
    logLinesLost: 7,
  });
});
