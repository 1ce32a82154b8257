import type { ChildProcess } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { connections, rehearsals } from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { startRehearsal } from '@/lib/server/rehearsals/start-rehearsal';
import { bundleTestProgram, type TestProgram } from '@/testing/launch/test-program';
import { type TestWorkers, testWorkers } from '@/testing/launch/test-workers';
import { testSwitch } from '@/testing/plan/test-estate';
import { testContext } from '@/testing/server/test-context';

/* Rehearsals on real workers, one of which is killed with SIGKILL; the next one has its name. */

const context = testContext();
const within = { timeout: 90_000, interval: 100 };

let program: TestProgram;
let workers: TestWorkers;

beforeAll(async () => {
  program = await bundleTestProgram('lib/rehearsal/event/main.ts');
  workers = await testWorkers({ databaseUrl: context.url });
  copyFileSync(program.file, join(workers.folder, 'rehearsal.mjs'));
});
afterEach(() => workers.stop());
afterAll(() => {
  workers.remove();
  program.remove();
});

beforeEach(async () => {
  await context.clear();
  await context.connect('test');
  // A worker without its keys has marked it.
  await context.db.update(connections).set({ available: true });
});

async function start(settings: object): Promise<string> {
  const { id: planId, hash } = await context.plan(testSwitch());
  const started = await startRehearsal({ planId, hash, load: { peakRps: 100 }, settings });
  invariant(started.ok, `the rehearsal is stored: ${JSON.stringify(started)}`);
  return started.value.rehearsalId;
}

async function read(id: string) {
  const [row] = await context.db.select().from(rehearsals).where(eq(rehearsals.id, id));
  invariant(row !== undefined, 'the rehearsal is stored');
  return row;
}

/** Returns the processes that a worker has started (Linux). */
const listChildren = ({ pid }: ChildProcess) =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);

describe.runIf(process.platform === 'linux')('a rehearsal whose worker is killed', () => {
  it('continues as a fire drill after the events that had ended, and nothing of the first is left', async () => {
    const id = await start({ events: 60, seed: 5 });
    const first = workers.spawn('one');
    const countFinished = async () => (await read(id)).finished?.events.length ?? 0;
    await vi.waitFor(async () => expect(await countFinished()).toBeGreaterThan(1), within);
    const children = listChildren(first);
    expect(children.length).toBeGreaterThan(0);
    first.kill('SIGKILL');
    await vi.waitFor(() => {
      expect(children.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
    }, within);
    const kept = await countFinished();
    const progress: number[] = [];
    workers.spawn('one');
    await vi.waitFor(async () => {
      const row = await read(id);
      if (row.state === 'running') progress.push(row.finished?.events.length ?? 0);
      expect(row.state).toBe('done');
    }, within);
    expect(Math.min(...progress)).toBeGreaterThanOrEqual(kept);
    const { drill } = await read(id);
    expect(drill?.events.map(({ seed }) => seed)).toEqual(
      Array.from({ length: 60 }, (_, index) => 5 + index),
    );
  }, 240_000);
});
