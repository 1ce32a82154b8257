import type { Prober } from '@/lib/estate/probe';
import type { Plan, ProbeStep } from '@/lib/plan/model';
import type { Sample } from '@/lib/run/model';
import type { Watcher } from '@/lib/run/ports';

type WatcherDeps = { readonly prober: Prober; readonly now: () => Date };

/** The requests that a plan asks its moved routes with: each route once. */
export function watchedProbes(plan: Plan): readonly ProbeStep[] {
  const http = plan.steps.filter(
    (step): step is ProbeStep => step.kind === 'probe' && step.probe.kind === 'http',
  );
  const verify = http.filter((step) => step.phase === 'verify');
  return verify.length > 0 ? verify : http;
}

/** Looks at what a plan has moved, by real requests through the load balancers' addresses. */
export function trafficWatcher({ prober, now }: WatcherDeps, plan: Plan): Watcher {
  const asked = watchedProbes(plan);
  return {
    async sample(): Promise<Sample> {
      const answers = await Promise.all(
        asked.map(async (step) => ({ step, answer: await prober.probe(step.probe) })),
      );
      const probes = answers.map(({ step, answer }) => ({
        stepId: step.id,
        passed: answer.passed,
        latencyMs: answer.latencyMs,
        status: answer.status,
        failure: answer.failure,
      }));
      const failed = probes.filter((probe) => !probe.passed).length;
      return {
        at: now().toISOString(),
        probes,
        measures: {
          probeFailures: probes.length === 0 ? null : (failed / probes.length) * 100,
          latency: probes.length === 0 ? null : Math.max(...probes.map((probe) => probe.latencyMs)),
        },
      };
    },
  };
}
