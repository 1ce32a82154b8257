import type { GetMonitorDataResponse } from 'tencentcloud-sdk-nodejs/tencentcloud/services/monitor/v20180724/monitor_models.js';
import { z } from 'zod';
import { groupBy } from '@/lib/estate/look-up';
import { invariant } from '@/lib/invariant';
import type { Reader } from '../call/caller';
import { toCloudTime } from '../call/cloud-time';
import type { Minutes } from './last-minute';

const numbers = z
  .array(z.number().nullable())
  .nullish()
  .transform((list) => list ?? []);

const WireAnswer = z.object({
  DataPoints: z
    .array(z.object({ Timestamps: numbers, Values: numbers }))
    .nullish()
    .transform((list) => list ?? []),
});

/**
 * Converts the values of a metric by minute, for all requested objects; minutes without a value are absent. Timestamps
 * are epoch seconds: https://cloud.tencent.com/document/api/248/31014.
 * @throws ZodError when a field that we rely on is not as documented.
 */
export function toMinutes(answer: GetMonitorDataResponse): Minutes {
  const minutes = new Map<number, number>();
  for (const { Timestamps: seconds, Values: values } of WireAnswer.parse(answer).DataPoints) {
    for (const [index, second] of seconds.entries()) {
      const value = values[index] ?? null;
      if (second !== null && value !== null) {
        minutes.set(second * 1000, (minutes.get(second * 1000) ?? 0) + value);
      }
    }
  }
  return minutes;
}

const WireTotals = z.object({
  DataPoints: z.array(
    z.object({
      Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })),
      Values: numbers,
    }),
  ),
});

/** A monitored object: the dimensions, by name, that distinguish it from all others in its namespace. */
export type MonitoredObject = {
  readonly region: string;
  readonly namespace: 'QCE/LOADBALANCE' | 'QCE/LB_PUBLIC' | 'QCE/SCF_V2';
  readonly dimensions: Readonly<Record<string, string>>;
};

/** The period that is searched for data, back from now: the lag of monitoring is not documented. */
const lookbackMs = 5 * 60_000;

/** Objects of one request. The page of the API documents 50, those of the load balancers' metrics 10. */
const objectsMax = 10;

/**
 * A metric by minute, over the last few minutes, of all objects together:
 * https://cloud.tencent.com/document/api/248/31014.
 * @param now epoch milliseconds
 */
export async function readMinutes(
  reader: Reader,
  objects: readonly MonitoredObject[],
  metric: string,
  now: number,
): Promise<Minutes> {
  const groups = groupBy(objects, ({ region, namespace }) => [`${region} ${namespace}`]);
  const requests = [...groups.values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / objectsMax) }, (_, n) =>
      readSome(reader, group.slice(n * objectsMax, (n + 1) * objectsMax), metric, {
        from: now - lookbackMs,
        to: now,
        periodS: 60,
      }),
    ),
  );
  const sums = new Map<number, number>();
  for (const minutes of await Promise.all(requests))
    for (const [minute, value] of minutes) sums.set(minute, (sums.get(minute) ?? 0) + value);
  return sums;
}

/** A span of time in epoch milliseconds, with the seconds that each value covers: 60, 300 or 3600. */
type MonitoredSpan = { readonly from: number; readonly to: number; readonly periodS: number };

/**
 * Returns a metric of one object over a span of time, by period: https://cloud.tencent.com/document/api/248/31014.
 * @returns values by the start of their period in epoch milliseconds; periods without a value are absent
 */
export function readSeries(
  reader: Reader,
  object: MonitoredObject,
  metric: string,
  span: MonitoredSpan,
): Promise<Minutes> {
  return readSome(reader, [object], metric, span);
}

/** Data points of one request: https://www.tencentcloud.com/document/product/248/39917 */
const pointsMax = 1440;

/**
 * Returns a metric of several objects together over whole periods, in as many requests as it takes.
 * @param objects all of one region and namespace
 * @returns values by the start of their period in epoch milliseconds; periods in which no object has a value are absent
 */
export async function readLongSeries(
  reader: Reader,
  objects: readonly MonitoredObject[],
  metric: string,
  { from, to, periodS }: MonitoredSpan,
): Promise<Minutes> {
  const periodMs = periodS * 1000;
  const sums = new Map<number, number>();
  for (let first = 0; first < objects.length; first += objectsMax) {
    const group = objects.slice(first, first + objectsMax);
    const windowMs = Math.floor(pointsMax / group.length) * periodMs;
    for (let start = from; start < to; start += windowMs) {
      // The end is a period that is included.
      const end = Math.min(to, start + windowMs) - periodMs;
      const values = await readSome(reader, group, metric, { from: start, to: end, periodS });
      for (const [at, value] of values) sums.set(at, (sums.get(at) ?? 0) + value);
    }
  }
  return sums;
}

/** Returns the values of a metric of each object over a span of time, in the order of the objects. */
async function readEach(
  reader: Reader,
  objects: readonly MonitoredObject[],
  metric: string,
  span: MonitoredSpan,
): Promise<readonly (readonly number[])[]> {
  const groups = Array.from({ length: Math.ceil(objects.length / objectsMax) }, (_, n) =>
    objects.slice(n * objectsMax, (n + 1) * objectsMax),
  );
  const values = await Promise.all(
    groups.map((group) => {
      const toGroup = (answer: GetMonitorDataResponse) => {
        const { DataPoints: points } = WireTotals.parse(answer);
        return group.map(({ dimensions }) => {
          const own = points.find(({ Dimensions: named }) =>
            named.every(({ Name, Value }) => dimensions[Name] === undefined || dimensions[Name] === Value),
          );
          return (own?.Values ?? []).filter((value) => value !== null);
        });
      };
      return sendFor(reader, group, metric, span, toGroup);
    }),
  );
  return values.flat();
}

/**
 * Returns the sum of a metric of each object over a span of time, in the order of the objects; null = it has no value.
 * @param objects all of one region and namespace
 */
export async function readTotals(
  ...asked: readonly [Reader, readonly MonitoredObject[], string, MonitoredSpan]
): Promise<readonly (number | null)[]> {
  const found = await readEach(...asked);
  return found.map((values) => (values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0)));
}

/**
 * Returns the largest value of a metric of each object over a span of time, in the order of the objects; 0 = it has none.
 * @param objects all of one region and namespace
 */
export async function readPeaks(
  ...asked: readonly [Reader, readonly MonitoredObject[], string, MonitoredSpan]
): Promise<readonly number[]> {
  return (await readEach(...asked)).map((values) => Math.max(0, ...values));
}

/** @param objects some of one region and namespace */
function readSome(
  reader: Reader,
  objects: readonly MonitoredObject[],
  metric: string,
  span: MonitoredSpan,
): Promise<Minutes> {
  return sendFor(reader, objects, metric, span, toMinutes);
}

/** @param objects some of one region and namespace */
function sendFor<T>(
  reader: Reader,
  objects: readonly MonitoredObject[],
  metric: string,
  { from, to, periodS }: MonitoredSpan,
  convert: (answer: GetMonitorDataResponse) => T,
): Promise<T> {
  const [first] = objects;
  invariant(first !== undefined, 'a request names an object');
  const { region, namespace } = first;
  const params = {
    Namespace: namespace,
    MetricName: metric,
    Instances: objects.map(({ dimensions }) => ({
      Dimensions: Object.entries(dimensions).map(([name, value]) => ({ Name: name, Value: value })),
    })),
    Period: periodS,
    StartTime: toCloudTime(from),
    EndTime: toCloudTime(to),
  };
  return reader.read({ service: 'monitor', action: 'GetMonitorData', region, params }, convert);
}
