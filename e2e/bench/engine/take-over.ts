import { setTimeout as sleep } from 'node:timers/promises';
import { type Figure, figure, percentile } from '../support/figures';
import type { BenchCloud } from './bench-cloud';
import type { BenchDatabase } from './bench-database';
import { bindingPlan } from './binding-plan';
import { storeRun } from './store-run';
import type { Workers } from './workers';

const rounds = 7;
const longTaskMs = 100_000;
const patienceMs = 30_000;

/**
 * Measures how long a run stops when its worker is killed: until another one recovers it, detected by the increased
 * epoch. The run waits for a long task during that time, and the killed worker restarts only afterwards.
 * @param names of running workers
 */
export async function measureTakeOver(
  database: BenchDatabase,
  cloud: BenchCloud,
  workers: Workers,
): Promise<Figure[]> {
  const last = cloud.balancers.at(-1);
  if (last === undefined) throw new Error('a load balancer for the run');
  await cloud.setTaskTime(longTaskMs);
  const runId = await storeRun(database, bindingPlan([{ ...last, domain: 'long.example.com' }]));
  const [readOwner, accepted] = [
    () =>
      database.query<{ fence: number; worker: string; status: string }>(
        `select fence, executor_id as worker, status from run
       join dbos.workflow_status on workflow_uuid = run.id || '.1' where run.id = $1`,
        [runId],
      ),
    () =>
      database.query(`select 1 from run_event where run_id = $1 and event->>'type' = 'accepted'`, [runId]),
  ];
  while ((await accepted()).length === 0) await sleep(50);
  const took: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const [before] = await readOwner();
    if (before === undefined) throw new Error(`${runId} is gone`);
    const at = performance.now();
    workers.kill(before.worker);
    while ((await readOwner())[0]?.fence === before.fence && performance.now() < at + patienceMs)
      await sleep(10);
    took.push(performance.now() - at);
    await workers.start(before.worker);
  }
  const name = `Recovery by one of 3 workers, ${rounds} times`;
  return [
    figure(`${name}, p50`, percentile(took, 0.5) / 1000, 's', null),
    figure(`${name}, longest`, Math.max(...took) / 1000, 's', { most: 10 }),
  ];
}
