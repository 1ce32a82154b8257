import type { Logger } from 'pino';
import type { Cloud } from '@/lib/cloud/port';
import type { Guard } from '@/lib/diversion/cutover';
import { type CloudMeasure, cloudMeasures, type Measured, type MeasuredRoute } from '@/lib/estate/measure';
import type { Sample } from '@/lib/run/model/model';
import { withinMs } from '@/lib/server/within-ms';

export type WatchCloudDeps = {
  readonly cloud: Pick<Cloud, 'measure'>;
  readonly now: () => Date;
  readonly log: Pick<Logger, 'warn'>;
};

/**
 * The time for which a reading is used before the cloud is queried again; 0 = in each round. Monitoring has one point
 * per minute, and its calls are billed beyond a million a month (https://cloud.tencent.com/document/product/248/77914).
 */
const freshMs: Readonly<Record<CloudMeasure, number>> = {
  errorRate: 15_000,
  throttles: 15_000,
  unhealthyTargets: 0,
  provisionedLost: 0,
};

/** The longest wait of a round: otherwise a slow cloud would delay the probes' results for the guards. */
const patienceMs = 4000;

const unread: Measured = { value: null, lagMs: null };

type Reading = {
  readonly answer: Promise<Measured>;
  /** Epoch ms; null while the call is under way. */
  answeredAt: number | null;
};

/**
 * Asks the cloud for what guards name, and for nothing else.
 * @param routes as they are known when the cloud is asked
 * @returns one round: each measure with its value and how far its figures lag behind; null where it could not be read, or
 *   not in time: a late answer is for the next round. It never throws.
 */
export function watchCloud(
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
 * Returns whether a reading is fresh. A call under way is waited for, not repeated. Setting a clock back keeps nothing
 * fresh forever.
 */
function isFresh({ answeredAt }: Reading, keptMs: number, now: Date): boolean {
  if (answeredAt === null) return true;
  const age = now.getTime() - answeredAt;
  return age >= 0 && age < keptMs;
}
