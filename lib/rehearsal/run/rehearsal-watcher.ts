import type { Guard } from '@/lib/diversion/cutover';
import { type CloudMeasure, cloudMeasures, type Measured, type MeasuredRoute } from '@/lib/estate/measure';
import type { Prober } from '@/lib/estate/probe';
import { measuredRoutes } from '@/lib/plan/model/measured-routes';
import type { Plan } from '@/lib/plan/model/model';
import type { Direction, Sample } from '@/lib/run/model/model';
import { listWatchedProbes } from '@/lib/run/model/run-watch';
import type { Clock, Watcher } from '@/lib/run/steps/ports';

/** As many probes per round as a run sends. */
const probesMax = 50;

type Measures = Readonly<
  Record<CloudMeasure, (routes: readonly MeasuredRoute[], nowMs: number) => Measured | Promise<Measured>>
>;

/**
 * The watcher of a rehearsal: the same probes as in a run, and the cloud's measures from the requests of its clients,
 * with the delay of monitoring.
 * @param planNow the plan with all known placeholders replaced
 * @param cloudNowMs epoch ms of the cloud's clock
 * @param direction of the attempt: after its rollback the probes are those of the rollback
 */
export function rehearsalWatcher(
  parts: {
    readonly clock: Pick<Clock, 'now'>;
    readonly prober: Prober;
    readonly measures: Measures;
    readonly cloudNowMs: () => number;
    /** Reads the figures of vantage points and of both sides; absent = none. */
    readonly readFigures?: () => Promise<Required<Pick<Sample, 'measures' | 'lagMs'>>>;
  },
  planNow: () => Plan,
  guards: readonly Guard[],
  direction: Direction = 'apply',
): Watcher {
  const { clock, prober, measures, cloudNowMs, readFigures } = parts;
  const wanted = cloudMeasures.filter((measure) => guards.some((guard) => guard.measure === measure));
  return {
    async sample() {
      const plan = planNow();
      const steps = listWatchedProbes(plan, direction).slice(0, probesMax);
      const probes = [];
      for (const { id, probe } of steps) {
        const { passed, latencyMs, status, failure } = await prober.probe(probe);
        probes.push({ stepId: id, passed, latencyMs, status, failure });
      }
      const routes = measuredRoutes(plan);
      const read = await Promise.all(
        wanted.map(async (measure) => [measure, await measures[measure](routes, cloudNowMs())] as const),
      );
      const figures = await readFigures?.();
      const failed = probes.filter(({ passed }) => !passed).length;
      return {
        at: clock.now().toISOString(),
        probes,
        measures: {
          probeFailures: probes.length === 0 ? null : (failed / probes.length) * 100,
          latency: probes.length === 0 ? null : Math.max(...probes.map(({ latencyMs }) => latencyMs)),
          ...Object.fromEntries(read.map(([measure, { value }]) => [measure, value])),
          ...figures?.measures,
        },
        lagMs: {
          ...Object.fromEntries(
            read.flatMap(([measure, { lagMs }]) => (lagMs === null ? [] : [[measure, lagMs]])),
          ),
          ...figures?.lagMs,
        },
      };
    },
  };
}
