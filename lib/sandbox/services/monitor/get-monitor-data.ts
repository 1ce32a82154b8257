import type {
  DataPoint,
  GetMonitorDataRequest,
  GetMonitorDataResponse,
  Instance,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/monitor/v20180724/monitor_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import { type ActionContext, action } from '../action';
import { type MetricReading, minuteMs } from './metric';
import { type DimensionValues, findNamespace, type MonitorNamespace } from './namespaces';
import { monitorTime, type TimeRange, timeRange } from './time-range';

/** Maximum of data points per request: https://cloud.tencent.com/document/api/248/31014 */
const mostPoints = 7200;

/** The time that the sandbox keeps data, in ms; there are no points before that. */
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
  throw new ApiError(
    'InvalidParameterValue',
    `The parameter \`Instances.${index}.Dimensions\` has ${names.join(', ') || 'no names'}; ${namespace.name} takes ${namespace.dimensions.map((known) => known.join('+')).join(' or ')}.`,
  );
}

/** Returns the starts of the periods that have a point: those that have begun and are not too old. */
function shownStarts({ starts }: TimeRange, { now, assumptions }: ActionContext): number[] {
  const newest = now - assumptions.get('monitor.delay') * 1000;
  return starts.filter((start) => start <= newest && start > now - keptMs);
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
 * Returns one metric of up to 50 objects, from what really happened: https://cloud.tencent.com/document/api/248/31014.
 */
export const getMonitorData = action<GetMonitorDataRequest, GetMonitorDataResponse>((request, context) => {
  const { Namespace: name, MetricName: metric, Instances: instances } = request;
  const namespace = findNamespace(name);
  if (namespace === undefined) {
    throw new ApiError('InvalidParameterValue', `The parameter \`Namespace\` names none: \`${name}\`.`);
  }
  const range = timeRange(request, context.now, Math.floor(mostPoints / instances.length));
  if (namespace !== 'unmeasured' && !namespace.metrics.some((each) => each.name === metric)) {
    throw new ApiError(
      'InvalidParameterValue',
      `The parameter \`MetricName\` names no metric of ${name}: \`${metric}\`.`,
    );
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
