import type { Guard } from '@/lib/diversion/cutover';
import type { Prober } from '@/lib/estate/probe';
import { measuredRoutes } from '@/lib/plan/model/measured-routes';
import type { Plan, ProbeStep } from '@/lib/plan/model/model';
import type { Direction, Sample } from '@/lib/run/model/model';
import { listWatchedProbes } from '@/lib/run/model/run-watch';
import type { Watcher } from '@/lib/run/steps/ports';
import { type WatchCloudDeps, watchCloud } from '@/lib/worker/connections/watch-cloud';

type WatcherDeps = WatchCloudDeps & {
  readonly prober: Prober;
  /** Reads the figures of the run that guards use; absent = none. */
  readonly readFigures?: () => Promise<Required<Pick<Sample, 'measures' | 'lagMs'>>>;
};
type WatchedPlan = Pick<Plan, 'steps' | 'revert' | 'routes'>;

/** The maximum number of probes per round: a plan of many names has one for each. */
const probesMax = 50;

async function probeAll(prober: Prober, steps: readonly ProbeStep[]): Promise<Sample['probes']> {
  const answers = steps.map(async (step) => {
    const { passed, latencyMs, status, failure } = await prober.probe(step.probe);
    return { stepId: step.id, passed, latencyMs, status, failure };
  });
  return Promise.all(answers);
}

/**
 * Watches the traffic that a plan moves: by real requests through the load balancers' addresses, and by the cloud's
 * data for measures that guards use.
 * @param planNow the plan with all known placeholders replaced
 * @param direction of the run: after its rollback the probes are those of the rollback
 */
export function trafficWatcher(
  { prober, readFigures, ...deps }: WatcherDeps,
  planNow: () => Promise<WatchedPlan>,
  guards: readonly Guard[],
  direction: Direction = 'apply',
): Watcher {
  let plan: WatchedPlan = { steps: [], revert: [] };
  const readCloud = watchCloud(deps, () => measuredRoutes(plan), guards);
  return {
    async sample(): Promise<Sample> {
      plan = await planNow();
      const [probes, { measures, lagMs }, figures] = await Promise.all([
        probeAll(prober, listWatchedProbes(plan, direction).slice(0, probesMax)),
        readCloud(),
        readFigures?.(),
      ]);
      const failed = probes.filter((probe) => !probe.passed).length;
      return {
        at: deps.now().toISOString(),
        probes,
        measures: {
          probeFailures: probes.length === 0 ? null : (failed / probes.length) * 100,
          latency: probes.length === 0 ? null : Math.max(...probes.map((probe) => probe.latencyMs)),
          ...measures,
          ...figures?.measures,
        },
        lagMs: { ...lagMs, ...figures?.lagMs },
      };
    },
  };
}
