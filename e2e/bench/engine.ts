import { parseArgs } from 'node:util';
import { startBenchCloud } from './engine/bench-cloud';
import { type BenchDatabase, startBenchDatabase } from './engine/bench-database';
import { balancersUsed, measureBindings } from './engine/bindings';
import { startEngineWorker } from './engine/engine-worker';
import { measureHistory, runSplit } from './engine/history';
import { measureSteps } from './engine/steps';
import { measureTakeOver } from './engine/take-over';
import { measureTimers, measureTimersAcrossFall } from './engine/timers';
import { endWaiting, measureWaiting } from './engine/waiting';
import { workersOn } from './engine/workers';
import { type Figure, report } from './support/figures';

/** `npm run bench:engine`: runs, their timers and their history, on a real Postgres with real worker processes. */
const { values: flags } = parseArgs({
  options: { json: { type: 'string' }, 'task-ms': { type: 'string', default: '4000' } },
});

/** Measures the engine alone, in the bench's own worker. */
async function measureEngine(database: BenchDatabase): Promise<Figure[]> {
  const worker = await startEngineWorker(database);
  try {
    return [
      ...(await measureTimers(database, worker)),
      ...(await measureTimersAcrossFall(database, worker)),
      ...(await measureSteps(database, worker)),
      ...(await measureWaiting(database, worker)),
    ];
  } finally {
    await worker.stop();
    await endWaiting(database);
  }
}

/** Measures the workers that `npm start` starts, on the sandbox. */
async function measureRuns(database: BenchDatabase): Promise<Figure[]> {
  // One for the minimum, one for the run that is recovered.
  const cloud = await startBenchCloud(balancersUsed + 2);
  const workers = workersOn(database, cloud);
  try {
    await workers.start('a');
    const runId = await runSplit(database);
    const bindings = await measureBindings(database, cloud, Number(flags['task-ms']));
    await Promise.all(['b', 'c'].map((name) => workers.start(name)));
    const takeOver = await measureTakeOver(database, cloud, workers);
    // Nothing else queries the database at the same time.
    await workers.stop();
    return [...takeOver, ...bindings, ...(await measureHistory(database, runId))];
  } finally {
    await workers.stop();
    await cloud.stop();
  }
}

const database = await startBenchDatabase();
try {
  const figures = [...(await measureEngine(database)), ...(await measureRuns(database))];
  report('Engine', figures, flags.json);
} finally {
  await database.stop();
}
