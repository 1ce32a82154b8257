import type { Guard } from '@/lib/diversion/cutover';
import type { Prober } from '@/lib/estate/probe';
import { measuredRoutes } from '@/lib/plan/model/measured-routes';
import type { Plan, ProbeStep } from '@/lib/plan/model/model';
import type { Sample } from '@/lib/run/model/model';
import type { Watcher } from '@/lib/run/steps/ports';
import { type WatchCloudDeps, watchCloud } from '@/lib/worker/connections/watch-cloud';

type WatcherDeps = WatchCloudDeps & { readonly prober: Prober };

/** Returns the probe requests of a plan's moved routes: each route once. */
function watchedProbes(plan: Pick<Plan, 'steps'>): readonly ProbeStep[] {
  const http = plan.steps.filter(
    (step): step is ProbeStep => step.kind === 'probe' && step.probe.kind === 'http',
  );
  const verify = http.filter((step) => step.phase === 'verify');
  return verify.length > 0 ? verify : http;
}

async function probeAll(prober: Prober, steps: readonly ProbeStep[]): Promise<Sample['probes']> {
  const answers = steps.map(async (step) => {
    const { passed, latencyMs, status, failure } = await prober.probe(step.probe);
    return { stepId: step.id, passed, latencyMs, status, failure };
  });
  return Promise.all(answers);
}

/**
 * Watches what a plan has moved: by real requests through the load balancers' addresses, and by the cloud's data, as
 * far as guards name it.
 * @param planNow the plan with its placeholders replaced by the values known by now
 */
export function trafficWatcher(
  { prober, ...deps }: WatcherDeps,
  planNow: () => Promise<Pick<Plan, 'steps' | 'routes'>>,
  guards: readonly Guard[],
): Watcher {
  let plan: Pick<Plan, 'steps' | 'routes'> = { steps: [] };
  const readCloud = watchCloud(deps, () => measuredRoutes(plan), guards);
  return {
    async sample(): Promise<Sample> {
      plan = await planNow();
      const [probes, { measures, lagMs }] = await Promise.all([
        probeAll(prober, watchedProbes(plan)),
        readCloud(),
      ]);
      const failed = probes.filter((probe) => !probe.passed).length;
      return {
        at: deps.now().toISOString(),
        probes,
        measures: {
          probeFailures: probes.length === 0 ? null : (failed / probes.length) * 100,
          latency: probes.length === 0 ? null : Math.max(...probes.map((probe) => probe.latencyMs)),
          ...measures,
        },
        lagMs,
      };
    },
  };
}
