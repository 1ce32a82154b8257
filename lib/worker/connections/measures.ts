import { Counter, Histogram, Registry } from 'prom-client';
import type { CloudCall } from '@/lib/cloud/deps';
import type { Plan } from '@/lib/plan/model/model';
import type { RunEvent } from '@/lib/run/model/model';

/** The data against which the events of one attempt are measured. */
export type MeasuredAttempt = {
  readonly plan: Plan;
  /** ISO instant of the earliest possible start of the attempt. */
  readonly dueAt: string;
};

/** The metrics of a worker since its start. The worker doesn't listen on any port: its heartbeat stores the export. */
export type Measures = {
  call(call: CloudCall): void;
  event(event: RunEvent, attempt: MeasuredAttempt): void;
  /** Retention removed this many events of journals, or items of ended work. */
  pruned(what: 'event' | 'row' | 'work', count: number): void;
  export(): Promise<readonly object[]>;
};

const lateness = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300];
/** From a quick write to a drain of ten minutes. */
const stepDuration = [0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];
const callDuration = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60];

/** @param worker its name: the label that distinguishes several workers */
export function createMeasures(worker: string): Measures {
  const registry = new Registry();
  registry.setDefaultLabels({ worker });
  const registers = [registry];
  const startLateness = new Histogram({
    name: 'spillway_run_start_lateness_seconds',
    help: 'How long after it was due an attempt of a run started.',
    labelNames: ['direction'],
    buckets: lateness,
    registers,
  });
  const gateLateness = new Histogram({
    name: 'spillway_gate_lateness_seconds',
    help: 'How long after its instant a run on the clock continued: prewarm, T0.',
    labelNames: ['gate'],
    buckets: lateness,
    registers,
  });
  const steps = new Histogram({
    name: 'spillway_step_duration_seconds',
    help: 'How long the steps of runs took, by kind (write, probe, drain, bake) and outcome.',
    labelNames: ['kind', 'direction', 'outcome'],
    buckets: stepDuration,
    registers,
  });
  const attempts = new Counter({
    name: 'spillway_run_attempts_ended_total',
    help: 'Attempts of runs that ended: done, rolledBack, or stopped with the kind of reason.',
    labelNames: ['direction', 'result', 'reason'],
    registers,
  });
  const calls = new Histogram({
    name: 'spillway_cloud_call_duration_seconds',
    help: 'How long requests to the cloud took, failed ones included.',
    labelNames: ['service', 'action'],
    buckets: callDuration,
    registers,
  });
  const errors = new Counter({
    name: 'spillway_cloud_call_errors_total',
    help: "Requests to the cloud that failed, by code: the cloud's, or Network.*, Http.*, Answer.* of our own.",
    labelNames: ['service', 'action', 'code'],
    registers,
  });
  const pruned = new Counter({
    name: 'spillway_pruned_total',
    help: 'What retention removed: events of journals, and pieces of work that had ended.',
    labelNames: ['what'],
    registers,
  });

  return {
    pruned: (what, count) => pruned.inc({ what }, count),
    call({ service, action, code, durationMs }) {
      calls.observe({ service, action }, durationMs / 1000);
      if (code !== null) errors.inc({ service, action, code });
    },
    event(event, { plan, dueAt }) {
      const { direction } = event;
      switch (event.type) {
        case 'started': {
          const lateMs = Date.parse(event.at) - Date.parse(dueAt);
          // One time is from the database's clock, the other from this machine's.
          startLateness.observe({ direction }, Math.max(0, lateMs) / 1000);
          return;
        }
        case 'passed':
          gateLateness.observe({ gate: event.gate }, event.latenessMs / 1000);
          return;
        case 'stepDone': {
          const step = [...plan.steps, ...plan.rollback].find(({ id }) => id === event.stepId);
          const labels = { kind: step?.kind ?? 'unknown', direction, outcome: event.outcome };
          steps.observe(labels, event.durationMs / 1000);
          return;
        }
        case 'finished':
          attempts.inc({ direction, result: event.result, reason: '' });
          return;
        case 'stopped':
          attempts.inc({ direction, result: 'stopped', reason: event.reason.kind });
          return;
        default:
          return;
      }
    },
    export: () => registry.getMetricsAsJSON(),
  };
}
