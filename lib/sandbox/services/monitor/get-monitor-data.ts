import type {
  DataPoint,
  GetMonitorDataRequest,
  Instance,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/monitor/v20180724/monitor_models';
import { invalidValue } from '@/lib/sandbox/model/api-error';
import { type ActionContext, action } from '../action';
import type { DimensionValues } from './invocation-metrics';
import { type MetricReading, minuteMs } from './metric';
import { findNamespace, type MonitorNamespace } from './namespaces';

/** The requested periods, each starting at a multiple of the period. Times are epoch milliseconds. */
type TimeRange = {
  readonly periodMs: number;
  readonly start: number;
  readonly end: number;
  /** Starts of the periods, including `end`. */
  readonly starts: readonly number[];
};

/** Days start at midnight in Beijing, like the times in responses. */
const offsetMs = 8 * 3_600_000;

/** Formats a time as in responses: `2018-09-22T19:51:23+08:00`. */
export function monitorTime(epochMs: number): string {
  return `${new Date(epochMs + offsetMs).toISOString().slice(0, 19)}+08:00`;
}

/** With a zone, or without one as in older examples (`2016-01-01 10:25:00`, in Beijing time). */
const form = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})?$/;

function parseTime(field: string, text: string): number {
  const [, zone] = form.exec(text) ?? [];
  const time = Date.parse(`${text.replace(' ', 'T')}${zone === undefined ? '+08:00' : ''}`);
  if (form.test(text) && !Number.isNaN(time)) return time;
  throw invalidValue(
    `The parameter \`${field}\` must be a time such as 2018-09-22T19:51:23+08:00, not \`${text}\`.`,
  );
}

function aligned(time: number, periodMs: number): number {
  return Math.floor((time + offsetMs) / periodMs) * periodMs - offsetMs;
}

/**
 * Returns the periods of a request; without times, those of the day until now.
 * @param most the maximum number of periods
 * @throws ApiError InvalidParameterValue
 */
export function timeRange(
  request: { Period?: number; StartTime?: string; EndTime?: string },
  now: number,
  most: number,
): TimeRange {
  const periodMs = (request.Period ?? 300) * 1000;
  const to = request.EndTime === undefined ? now : parseTime('EndTime', request.EndTime);
  const from =
    request.StartTime === undefined
      ? aligned(to, 1440 * minuteMs)
      : parseTime('StartTime', request.StartTime);
  if (to < from) {
    throw invalidValue('The parameter `EndTime` must not be before `StartTime`.');
  }
  const [start, end] = [aligned(from, periodMs), aligned(to, periodMs)];
  const count = (end - start) / periodMs;
  if (count > most) {
    throw invalidValue(
      `The request asks for ${count} data points of each object; with so many \`Instances\` there may be ${most}. Make the time shorter or \`Period\` longer.`,
    );
  }
  const starts = Array.from({ length: count + 1 }, (_, index) => start + index * periodMs);
  return { periodMs, start, end, starts };
}

/** Maximum of data points per request: https://cloud.tencent.com/document/api/248/31014 */
const mostPoints = 7200;

/** The retention of data in the sandbox, in ms; older points don't exist. */
const keptMs = 25 * 60 * minuteMs;

/**
 * Returns the dimensions of an instance. @throws ApiError InvalidParameterValue when the names do not together identify
 * an object.
 */
function dimensionValues(instance: Instance, index: number, namespace: MonitorNamespace): DimensionValues {
  const values = new Map(
    instance.Dimensions.map(
      ({ Name: name, Value: value }) => [namespace.spellings[name] ?? name, value] as const,
    ),
  );
  const names = [...values.keys()];
  const isKnown = namespace.dimensions.some(
    (known) => known.length === names.length && known.every((name) => values.has(name)),
  );
  if (isKnown) return values;
  throw invalidValue(
    `The parameter \`Instances.${index}.Dimensions\` has ${names.join(', ') || 'no names'}; ${namespace.name} takes ${namespace.dimensions.map((known) => known.join('+')).join(' or ')}.`,
  );
}

/**
 * Returns the starts of the periods that have a point: those that have started, are not too old, and were counted: before a
 * restart of the sandbox there may have been requests, so that 0 would be wrong.
 */
function shownStarts({ starts, periodMs }: TimeRange, context: ActionContext): number[] {
  const { now, assumptions, telemetry } = context;
  const newest = now - assumptions.get('monitor.delay') * 1000;
  const countedFrom = telemetry.lostBefore ?? Number.NEGATIVE_INFINITY;
  return starts.filter((start) => start <= newest && start > now - keptMs && start + periodMs > countedFrom);
}

/**
 * Returns averages, maxima and minima over the minutes of each period, as `SpecifyStatistics` requests them: bits 1, 2,
 * 4.
 */
function statistics(
  reading: MetricReading,
  starts: readonly number[],
  periodMs: number,
  wanted: number,
  now: number,
) {
  const listMinutes = (start: number) => {
    const values: number[] = [];
    const end = Math.min(start + periodMs, now + 1);
    for (let minute = start; minute < end; minute += minuteMs)
      values.push(reading(minute, minute + minuteMs));
    return values;
  };
  const over = (fold: (values: number[]) => number) => starts.map((start) => fold(listMinutes(start)));
  return {
    ...(wanted & 1
      ? { AvgValues: over((values) => values.reduce((sum, value) => sum + value, 0) / values.length) }
      : {}),
    ...(wanted & 2 ? { MaxValues: over((values) => Math.max(...values)) } : {}),
    ...(wanted & 4 ? { MinValues: over((values) => Math.min(...values)) } : {}),
  };
}

function dataPoint(
  request: GetMonitorDataRequest,
  instance: Instance,
  reading: MetricReading | null,
  range: TimeRange,
  context: ActionContext,
): DataPoint {
  const absent = { Dimensions: instance.Dimensions, Timestamps: [], Values: [] };
  if (reading === null) return absent;
  const isIdleShown = context.assumptions.get('monitor.idle') === 'zero';
  const starts = shownStarts(range, context).filter(
    (start) => isIdleShown || reading(start, start + range.periodMs) !== 0,
  );
  return {
    Dimensions: instance.Dimensions,
    Timestamps: starts.map((start) => start / 1000),
    Values: starts.map((start) => reading(start, start + range.periodMs)),
    ...statistics(reading, starts, range.periodMs, request.SpecifyStatistics ?? 0, context.now),
  };
}

/**
 * Returns one metric of up to 50 objects, from the actual traffic: https://cloud.tencent.com/document/api/248/31014.
 */
export const getMonitorData = action<'monitor.GetMonitorData'>((request, context) => {
  const { Namespace: name, MetricName: metric, Instances: instances } = request;
  const namespace = findNamespace(name);
  if (namespace === undefined) {
    throw invalidValue(`The parameter \`Namespace\` names none: \`${name}\`.`);
  }
  const range = timeRange(request, context.now, Math.floor(mostPoints / instances.length));
  if (namespace !== 'unmeasured' && !namespace.metrics.some((each) => each.name === metric)) {
    throw invalidValue(`The parameter \`MetricName\` names no metric of ${name}: \`${metric}\`.`);
  }
  return {
    Period: range.periodMs / 1000,
    MetricName: metric,
    StartTime: monitorTime(range.start),
    EndTime: monitorTime(range.end),
    DataPoints: instances.map((instance, index) => {
      const reading =
        namespace === 'unmeasured'
          ? null
          : namespace.read(metric, dimensionValues(instance, index, namespace), context);
      return dataPoint(request, instance, reading, range, context);
    }),
    Msg: '',
  };
});
