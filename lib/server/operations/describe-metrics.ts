import { AggregatorRegistry, Gauge, Registry } from 'prom-client';
import type { QueueDepth } from '@/lib/run/durable/queue-depths';
import { runStates, type StopReason } from '@/lib/run/model/model';
import type { RunCounts } from '@/lib/server/runs/count-runs';
import { aliveWithinS, type MeasuredWorker } from './list-workers';

/** Each state and reason is always exported, with 0: an alert on a missing series never fires. */
const states = Object.fromEntries(runStates.map((state) => [state, 0]));
const reasons: Readonly<Record<StopReason['kind'], 0>> = {
  drift: 0,
  cloudError: 0,
  notEffective: 0,
  probeFailed: 0,
  internal: 0,
  guard: 0,
  invalid: 0,
};

export type MeasuredFacts = {
  readonly now: Date;
  readonly runs: RunCounts;
  readonly queues: readonly QueueDepth[];
  readonly workers: readonly MeasuredWorker[];
  /** The time of each connection's newest snapshot. */
  readonly estates: readonly { readonly connection: string; readonly takenAt: Date }[];
};

type Sample = { readonly labels: Readonly<Record<string, string>>; readonly value: number };

/** Adds a gauge with all its current values. */
function gauge(registry: Registry, name: string, help: string, samples: readonly Sample[]): void {
  // Without label names, the gauge would start with an unmeasured 0.
  const labelNames = samples[0] === undefined ? ['none'] : Object.keys(samples[0].labels);
  const made = new Gauge({ name, help, labelNames, registers: [registry] });
  for (const { labels, value } of samples) made.set(labels, value);
}

const secondsBetween = (from: Date, to: Date) => Math.max(0, (to.getTime() - from.getTime()) / 1000);

/**
 * Returns the full export in the text format of Prometheus: gauges from the database, and the metrics of each worker.
 */
export async function describeMetrics(facts: MeasuredFacts): Promise<{ type: string; text: string }> {
  const { now, runs, queues, workers, estates } = facts;
  const registry = new Registry();
  gauge(
    registry,
    'spillway_runs',
    'Runs by state.',
    Object.entries({ ...states, ...Object.fromEntries(runs.byState) }).map(([state, value]) => ({
      labels: { state },
      value,
    })),
  );
  gauge(
    registry,
    'spillway_runs_stopped',
    'Stopped runs by the kind of reason; each waits for a person.',
    Object.entries({ ...reasons, ...Object.fromEntries(runs.stoppedBy) }).map(([reason, value]) => ({
      labels: { reason },
      value,
    })),
  );
  gauge(
    registry,
    'spillway_runs_stopped_oldest_seconds',
    'The time for which the longest-stopped run has been stopped; 0 if none is stopped.',
    [{ labels: {}, value: runs.stoppedSince === null ? 0 : secondsBetween(runs.stoppedSince, now) }],
  );
  gauge(
    registry,
    'spillway_queue_jobs',
    'Work in the queues, by state: waiting for a worker, or begun by one.',
    queues.flatMap(({ queue, waiting, running }) => [
      { labels: { queue, state: 'waiting' }, value: waiting },
      { labels: { queue, state: 'running' }, value: running },
    ]),
  );
  gauge(
    registry,
    'spillway_queue_oldest_waiting_seconds',
    'The time for which the oldest work of a queue has waited for a worker; 0 if none waits.',
    queues.map(({ queue, oldestWaitingAt }) => ({
      labels: { queue },
      value: oldestWaitingAt === null ? 0 : secondsBetween(new Date(oldestWaitingAt), now),
    })),
  );
  gauge(
    registry,
    'spillway_estate_age_seconds',
    'The age of the newest snapshot of a connection.',
    estates.map(({ connection, takenAt }) => ({
      labels: { connection },
      value: secondsBetween(takenAt, now),
    })),
  );
  gauge(
    registry,
    'spillway_worker_up',
    `Workers of the last hour, with their versions: 1 where the last sign of life is no older than ${aliveWithinS} s.`,
    workers.map(({ id, version, engineVersion, seenSecondsAgo }) => ({
      labels: { worker: id, version, engine_version: engineVersion },
      value: seenSecondsAgo <= aliveWithinS ? 1 : 0,
    })),
  );
  gauge(
    registry,
    'spillway_worker_last_seen_seconds',
    'The time since the last heartbeat of a worker.',
    workers.map(({ id, seenSecondsAgo }) => ({ labels: { worker: id }, value: seenSecondsAgo })),
  );
  const measured = [await registry.getMetricsAsJSON(), ...workers.map(({ measures }) => measures)];
  return {
    type: registry.contentType,
    text: await AggregatorRegistry.aggregate(measured).metrics(),
  };
}
