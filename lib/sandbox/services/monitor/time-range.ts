import { ApiError } from '@/lib/sandbox/model/api-error';
import { minuteMs } from './metric';

/**
 * The spans of time that a request asks for, each beginning at a multiple of the period. Times are epoch milliseconds.
 */
export type TimeRange = {
  readonly periodMs: number;
  readonly start: number;
  readonly end: number;
  /** Starts of the periods, including `end`. */
  readonly starts: readonly number[];
};

/** Days begin at midnight in Beijing, like the times in responses. */
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
  throw new ApiError(
    'InvalidParameterValue',
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
    throw new ApiError('InvalidParameterValue', 'The parameter `EndTime` must not be before `StartTime`.');
  }
  const [start, end] = [aligned(from, periodMs), aligned(to, periodMs)];
  const count = (end - start) / periodMs;
  if (count > most) {
    throw new ApiError(
      'InvalidParameterValue',
      `The request asks for ${count} data points of each object; with so many \`Instances\` there may be ${most}. Make the time shorter or \`Period\` longer.`,
    );
  }
  const starts = Array.from({ length: count + 1 }, (_, index) => start + index * periodMs);
  return { periodMs, start, end, starts };
}
