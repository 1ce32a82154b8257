import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Plan, StepId } from '@/lib/plan/model/model';
import { createMeasures } from '@/lib/worker/connections/measures';
import { describeMetrics, type MeasuredFacts } from './describe-metrics';

const now = new Date('2026-11-24T03:00:00Z');
const nothing: MeasuredFacts = {
  now,
  runs: { byState: new Map(), stoppedBy: new Map(), stoppedSince: null },
  queues: [],
  workers: [],
  estates: [],
};
const metricsText = async (facts: Partial<MeasuredFacts>) =>
  (await describeMetrics({ ...nothing, ...facts })).text;

/** Returns a worker's metrics, as read from the database. */
async function readMeasures(worker: string): Promise<readonly object[]> {
  const measures = createMeasures(worker);
  const step = { id: 's1', kind: 'write' };
  const plan = { steps: [step], rollback: [] } as unknown as Plan;
  const attempt = { plan, dueAt: '2026-11-24T02:00:00.000Z' };
  const direction = 'apply';
  const stepId = 's1' as StepId;
  const at = '2026-11-24T02:00:00.200Z';
  measures.event({ type: 'started', actor: 'x', attempt: 1, at, direction }, attempt);
  measures.event({ type: 'passed', gate: 'T0', latenessMs: 12, at, direction }, attempt);
  const done = { outcome: 'applied', requestId: 'r', durationMs: 700 } as const;
  measures.event({ type: 'stepDone', stepId, ...done, at, direction }, attempt);
  measures.event(
    { type: 'stopped', stepId, reason: { kind: 'internal', message: 'x' }, at, direction },
    attempt,
  );
  const call = { service: 'clb', action: 'CreateRule', region: 'ap-jakarta', requestId: 'r' } as const;
  measures.call({ ...call, code: null, durationMs: 120 });
  measures.call({ ...call, code: 'RequestLimitExceeded', durationMs: 20 });
  measures.pruned('event', 40);
  measures.pruned('event', 2);
  return JSON.parse(JSON.stringify(await measures.export()));
}

const seen = { version: '1.2.3', engineVersion: '1', startedAt: now };

it('has a line for each state and reason, and none for unmeasured values', async () => {
  const text = await metricsText({});
  expect(text).toContain('spillway_runs{state="stopped"} 0');
  expect(text).toContain('spillway_runs_stopped{reason="drift"} 0');
  expect(text).toContain('spillway_runs_stopped_oldest_seconds 0');
  expect(text).not.toMatch(/^spillway_(queue|estate|worker)/m);
});

it('reports the state of runs, queues, snapshots and workers', async () => {
  const text = await metricsText({
    runs: {
      byState: new Map([['stopped', 2]]),
      stoppedBy: new Map([['drift', 2]]),
      stoppedSince: new Date('2026-11-24T02:59:00Z'),
    },
    queues: [{ queue: 'runs', waiting: 3, running: 1, oldestWaitingAt: now.getTime() - 5000 }],
    estates: [{ connection: 'c', takenAt: new Date('2026-11-24T02:58:00Z') }],
    workers: [{ id: 'a', ...seen, seenSecondsAgo: 11, measures: [], problems: [] }],
  });
  for (const line of [
    'spillway_runs{state="stopped"} 2',
    'spillway_runs_stopped{reason="drift"} 2',
    'spillway_runs_stopped_oldest_seconds 60',
    'spillway_queue_jobs{queue="runs",state="waiting"} 3',
    'spillway_queue_oldest_waiting_seconds{queue="runs"} 5',
    'spillway_estate_age_seconds{connection="c"} 120',
    'spillway_worker_up{worker="a",version="1.2.3",engine_version="1"} 0',
  ]) {
    expect(text.split('\n')).toContain(line);
  }
});

it('distinguishes the metrics of several workers', async () => {
  const workers = await Promise.all(
    ['a', 'b'].map(async (id) => ({
      id,
      ...seen,
      seenSecondsAgo: 1,
      measures: await readMeasures(id),
      problems: [],
    })),
  );
  const lines = (await metricsText({ workers })).split('\n');
  for (const worker of ['a', 'b']) {
    const labels = `direction="apply",worker="${worker}"`;
    expect(lines).toContain(`spillway_run_start_lateness_seconds_bucket{le="0.25",${labels}} 1`);
    expect(lines).toContain(`spillway_run_start_lateness_seconds_bucket{le="0.1",${labels}} 0`);
    expect(lines).toContain(`spillway_gate_lateness_seconds_count{gate="T0",worker="${worker}"} 1`);
    expect(lines).toContain(
      `spillway_step_duration_seconds_sum{kind="write",direction="apply",outcome="applied",worker="${worker}"} 0.7`,
    );
    expect(lines).toContain(
      `spillway_run_attempts_ended_total{direction="apply",result="stopped",reason="internal",worker="${worker}"} 1`,
    );
    expect(lines).toContain(
      `spillway_cloud_call_duration_seconds_count{service="clb",action="CreateRule",worker="${worker}"} 2`,
    );
    expect(lines).toContain(`spillway_pruned_total{what="event",worker="${worker}"} 42`);
    expect(lines).toContain(
      `spillway_cloud_call_errors_total{service="clb",action="CreateRule",code="RequestLimitExceeded",worker="${worker}"} 1`,
    );
  }
});

it('has exactly the names and types that docs/operations.md lists', async () => {
  const text = await metricsText({
    workers: [{ id: 'a', ...seen, seenSecondsAgo: 1, measures: await readMeasures('a'), problems: [] }],
  });
  const exported = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name, type]) => `${name} ${type}`);
  const page = readFileSync(join(import.meta.dirname, '../../../docs/operations.md'), 'utf8');
  const listed = [...page.matchAll(/^\| `(spillway_\w+)`(?:[^|]*)\| (\w+)/gm)].map(
    ([, name, type]) => `${name} ${type}`,
  );
  expect(listed.toSorted()).toEqual(exported.toSorted());
});
