import { openDatabase } from '@/lib/db/database';
import { invariant } from '@/lib/invariant';
import { reportReady } from '@/lib/launch/launched';
import { takeLease } from '@/lib/run/durable/lease';
import { reaperRound, startReaper } from '@/lib/run/durable/reaper';
import { createRecovery } from '@/lib/run/durable/recovery';
import { type EngineHandlers, startEngine } from '@/lib/run/durable/start-engine';
import { engineVersion } from '@/lib/run/durable/work';
import { RunId } from '@/lib/run/model/run-id';
import { getDueInstant, type TimerReport } from './messages';

/*
 * A worker with the real engine, lease and reaper, whose runs only wait or execute empty steps, so that only the engine
 * is measured.
 */

const databaseUrl = process.env.DATABASE_URL;
invariant(databaseUrl !== undefined, 'the bench gives the worker its database');
const quiet = { debug: () => {}, warn: () => {}, error: () => {} };
const who = { worker: 'bench', version: engineVersion };
const steps = 200;

/** Resolves when the message has been sent, so that it is not lost if the worker is killed next. */
const send = (report: TimerReport) => new Promise<void>((resolve) => process.send?.(report, () => resolve()));

const run: EngineHandlers['run'] = async ({ runId }, { inbox, once }) => {
  const due = getDueInstant(runId);
  if (due !== null) {
    await inbox.take(new Date(due));
    await once('fired', () => send({ kind: 'fired', runId, at: Date.now() }));
    return;
  }
  const timed = async (name: string, isLooking: boolean) => {
    const begin = performance.now();
    if (isLooking) await inbox.take(null);
    await once(name, async () => null);
    return performance.now() - begin;
  };
  const alone: number[] = [];
  const looking: number[] = [];
  for (let step = 0; step < steps; step += 1) alone.push(await timed(`alone-${step}`, false));
  for (let step = 0; step < steps; step += 1) looking.push(await timed(`looking-${step}`, true));
  await once('send', () => send({ kind: 'stepped', alone, looking }));
};

// Exits when the bench ends, even if that is killed.
process.on('disconnect', () => process.exit());
const lease = await takeLease(databaseUrl, who, { onWaiting: () => {}, onLost: () => process.exit(70) });
const nothing = async () => {};
const { pool } = openDatabase(databaseUrl, () => {});
/** Runs whose instant is not near, by their names. */
const listWaiting = async () => {
  const { rows } = await pool.query<{ name: string }>(
    `select split_part(workflow_uuid, '.', 1) as name from dbos.workflow_status where status = 'PENDING' and name = 'run'`,
  );
  const isFar = ({ name }: { name: string }) => (getDueInstant(name) ?? 0) > Date.now() + 120_000;
  return rows.filter(isFar).map(({ name }) => ({ runId: RunId.parse(name), attempt: 1 }));
};
const { untilRecovered } = await startEngine({
  databaseUrl,
  executorId: who.worker,
  listWaiting,
  log: quiet,
  onReadOnly: () => Promise.reject(new Error('the database only reads')),
  handlers: {
    run,
    sync: nothing,
    deploy: nothing,
    traffic: nothing,
    testInvocation: nothing,
    functionReading: nothing,
    trafficHistory: nothing,
    functionChange: nothing,
    rehearsal: nothing,
  },
});
startReaper(reaperRound(lease, createRecovery(pool, listWaiting), who, quiet), quiet);
await untilRecovered();
reportReady();
