import { RunId } from '@/lib/run/model/run-id';
import { type Figure, figure, percentile } from '../support/figures';
import type { BenchDatabase } from './bench-database';
import type { EngineWorker } from './engine-worker';
import type { TimerReport } from './messages';

type Stepped = Extract<TimerReport, { kind: 'stepped' }>;
/** Runs of 200 steps of each kind, one after the other; the first one is a warm-up and doesn't count. */
const rounds = 5;

/** Measures the engine's overhead per step with empty steps. */
export async function measureSteps(database: BenchDatabase, worker: EngineWorker): Promise<Figure[]> {
  const all: Stepped[] = [];
  let report = (_: Stepped) => {};
  worker.onReport((each) => each.kind === 'stepped' && report(each));
  for (let round = 0; round <= rounds; round += 1) {
    const stepped = new Promise<Stepped>((resolve) => (report = resolve));
    await database.enqueue([RunId.parse(`steps-${round}`)]);
    all.push(await stepped);
  }
  const counted = all.slice(1);
  const alone = counted.flatMap((each) => each.alone);
  const looking = counted.flatMap((each) => each.looking);
  return [
    figure('A durable step, p50', percentile(alone, 0.5), 'ms', null),
    figure('A durable step, p99', percentile(alone, 0.99), 'ms', null),
    figure('A durable step that checks for messages, p50', percentile(looking, 0.5), 'ms', null),
  ];
}
