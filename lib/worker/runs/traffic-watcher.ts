import type { Logger } from 'pino';
import type { Cloud } from '@/lib/cloud/port';
import type { Guard } from '@/lib/diversion/cutover';
import { type CloudMeasure, cloudMeasures, type Measured, type MeasuredRoute } from '@/lib/estate/measure';
import type { Prober } from '@/lib/estate/probe';
import { measuredRoutes } from '@/lib/plan/model/measured-routes';
import type { Plan, ProbeStep } from '@/lib/plan/model/model';
import type { Direction, Sample } from '@/lib/run/model/model';
import { listWatchedProbes } from '@/lib/run/model/run-watch';
import type { Watcher } from '@/lib/run/steps/ports';
import { withinMs } from '@/lib/timing/within-ms';

type WatchCloudDeps = {
  readonly cloud: Pick<Cloud, 'measure'>;
  readonly now: () => Date;
  readonly log: Pick<Logger, 'warn'>;
};

/**
 * The cache time of a measurement; 0 = queried in each round. Monitoring has one point per minute, and calls beyond a
 * million a month are billed (https://cloud.tencent.com/document/product/248/77914).
 */
const freshMs: Readonly<Record<CloudMeasure, number>> = {
  errorRate: 15_000,
  throttles: 15_000,
  unhealthyTargets: 0,
  provisionedLost: 0,
};

/** The timeout of a round: otherwise a slow cloud would delay the probes' results for the guards. */
const patienceMs = 4000;

const unread: Measured = { value: null, lagMs: null };

type Reading = {
  readonly answer: Promise<Measured>;
  /** Epoch ms; null while the call is in progress. */
  answeredAt: number | null;
};

/**
 * Queries only the cloud measures that the guards use.
 * @param routes as currently known
 * @returns one round: each measure with its value and the lag of its figures; null if it could not be read in time. A
 * late response counts for the next round. It never throws.
 */
function watchCloud(
  { cloud, now, log }: WatchCloudDeps,
  routes: () => readonly MeasuredRoute[],
  guards: readonly Guard[],
): () => Promise<Required<Pick<Sample, 'measures' | 'lagMs'>>> {
  const wanted = cloudMeasures.filter((measure) => guards.some((guard) => guard.measure === measure));
  const readings = new Map<CloudMeasure, Reading>();

  async function ask(measure: CloudMeasure): Promise<Measured> {
    try {
      return await cloud.measure(measure, routes());
    } catch (err) {
      log.warn({ err, measure }, 'a measure of the guards could not be read');
      return unread;
    }
  }

  function read(measure: CloudMeasure): Promise<Measured> {
    const last = readings.get(measure);
    if (last !== undefined && isFresh(last, freshMs[measure], now())) return last.answer;
    const reading: Reading = { answer: ask(measure), answeredAt: null };
    readings.set(measure, reading);
    void reading.answer.then(() => (reading.answeredAt = now().getTime()));
    return reading.answer;
  }

  return async () => {
    const round = await Promise.all(
      wanted.map(async (measure) => {
        const measured = await withinMs(read(measure), patienceMs, measure).catch(() => unread);
        return { measure, ...measured };
      }),
    );
    return {
      measures: Object.fromEntries(round.map(({ measure, value }) => [measure, value])),
      lagMs: Object.fromEntries(
        round.flatMap(({ measure, lagMs }) => (lagMs === null ? [] : [[measure, lagMs]])),
      ),
    };
  };
}

/**
 * Returns whether a measurement is fresh. A call in progress is awaited, not repeated. Setting a clock back keeps
 * nothing fresh forever.
 */
function isFresh({ answeredAt }: Reading, keptMs: number, now: Date): boolean {
  if (answeredAt === null) return true;
  const age = now.getTime() - answeredAt;
  return age >= 0 && age < keptMs;
}

type WatcherDeps = WatchCloudDeps & {
  readonly prober: Prober;
  /** Reads the figures of the run that guards use; absent = none. */
  readonly readFigures?: () => Promise<Required<Pick<Sample, 'measures' | 'lagMs'>>>;
};
type WatchedPlan = Pick<Plan, 'steps' | 'rollback' | 'routes'>;

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
  let plan: WatchedPlan = { steps: [], rollback: [] };
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
