import { expect, it } from 'vitest';
import { connections } from '@/lib/db/schema';
import type { RunEvent } from '@/lib/run/model/model';
import { testContext } from '@/testing/server/test-context';
import { storeTestRun } from '@/testing/server/test-runs';
import { databaseJournal } from './observed-journal';

const account = { id: 'c', name: 'the account', kind: 'sandbox', portOffset: 0, available: true } as const;
const context = testContext(({ db }) => db.insert(connections).values(account));

const at = '2026-12-12T00:00:00.000Z';
const empty = { direction: 'apply', at, starts: 0, later: [] } as const;
const stamp = { at, direction: 'apply' } as const;
const started: RunEvent = { type: 'started', actor: 'a', attempt: 1, ...stamp };
const watched: RunEvent = { type: 'watched', sample: { at, measures: {}, probes: [] }, ...stamp };
const passed: RunEvent = { type: 'passed', gate: 'T0', latenessMs: 3, ...stamp };

it('reads the events of its run in their order, with samples only if all are wanted', async () => {
  const [run, other] = [await storeTestRun(context.db, [empty]), await storeTestRun(context.db, [empty])];
  const journal = databaseJournal(context.db, { runId: run.id, number: 0 });
  const others = databaseJournal(context.db, { runId: other.id, number: 0 });
  for (const event of [started, watched, watched, passed]) await journal.append(event);
  await others.append(started);
  expect(await journal.read()).toEqual([started, passed]);
  expect(await journal.readAll()).toEqual([started, watched, watched, passed]);
  expect(await others.read()).toEqual([started]);
});
