import { z } from 'zod';

/** The requests of a load balancer, of a domain at one of its listeners, or of one path of that. */
export const HistoryPlace = z
  .strictObject({
    region: z.string().min(1).max(40),
    loadBalancerId: z.string().min(1).max(200),
    listenerId: z.string().min(1).max(200).nullable().default(null),
    domain: z.string().min(1).max(200).nullable().default(null),
    url: z.string().min(1).max(200).nullable().default(null),
  })
  .refine(
    ({ listenerId, domain, url }) =>
      (listenerId === null) === (domain === null) && (url === null || domain !== null),
    {
      message: 'history.place',
      path: ['domain'],
    },
  );
export type HistoryPlace = z.infer<typeof HistoryPlace>;

/** Whole periods of time: from the start of the first to the end of the last, in epoch ms. */
export type HistorySpan = { readonly from: number; readonly to: number; readonly periodS: number };

/** Measured requests over whole periods. */
export type TrafficHistory = {
  /** The start of the first period (ISO). */
  readonly from: string;
  readonly periodS: number;
  /** The mean of each period, in requests per second; null = monitoring has no value. */
  readonly rps: readonly (number | null)[];
};

/** A place and a span whose requests a worker reads. */
export type AskedHistory = { readonly place: HistoryPlace; readonly span: HistorySpan };

/**
 * The periods of Monitor with the time that it keeps their values: https://www.tencentcloud.com/document/product/248/39917.
 */
const historyPeriods = [
  { periodS: 60, keptDays: 15 },
  { periodS: 300, keptDays: 31 },
  { periodS: 3600, keptDays: 93 },
] as const;

/** The longest span, in days: that of a scenario. The points of a span: two days by the minute. Our own choices. */
const historyDaysMax = 14;
const historyPointsMax = 2880;

const dayMs = 86_400_000;

/** The reason why a span can't be read: its end is not after its start, or see the name. */
export type SpanProblem = 'order' | 'future' | 'tooLong' | 'tooOld';

/**
 * Chooses the shortest period in which Monitor still has a span, and extends the span to whole periods. A period that has
 * not ended is left out.
 * @param from epoch ms, like `to` and `now`
 */
export function planHistory(
  { from, to }: Pick<HistorySpan, 'from' | 'to'>,
  now: number,
): { readonly ok: true; readonly span: HistorySpan } | { readonly ok: false; readonly problem: SpanProblem } {
  if (to <= from) return { ok: false, problem: 'order' };
  if (to - from > historyDaysMax * dayMs) return { ok: false, problem: 'tooLong' };
  if (from >= now) return { ok: false, problem: 'future' };
  const kept = historyPeriods.filter(({ keptDays }) => now - from <= keptDays * dayMs);
  if (kept.length === 0) return { ok: false, problem: 'tooOld' };
  const period = kept.find(({ periodS }) => (to - from) / (periodS * 1000) <= historyPointsMax);
  const { periodS } = period ?? kept[kept.length - 1] ?? historyPeriods[2];
  const periodMs = periodS * 1000;
  const start = Math.floor(from / periodMs) * periodMs;
  const end = Math.min(Math.ceil(to / periodMs), Math.floor(now / periodMs)) * periodMs;
  return end <= start
    ? { ok: false, problem: 'future' }
    : { ok: true, span: { from: start, to: end, periodS } };
}
