import { ApiError } from '@/lib/sandbox/model/api-error';

const dayMs = 86_400_000;

/** Start and end, epoch ms, both inclusive. */
export type LogWindow = { readonly from: number; readonly to: number };

/**
 * Returns the time span of a request, with both ends in the form `2017-05-16 20:00:00`.
 * @returns null when it names none
 * @throws ApiError InvalidParameterValue.StartTimeOrEndTime, .DateTime
 */
export function logWindow(start: string | undefined, end: string | undefined): LogWindow | null {
  if (start === undefined && end === undefined) return null;
  if (start === undefined || end === undefined) {
    throw new ApiError(
      'InvalidParameterValue.StartTimeOrEndTime',
      '`StartTime` and `EndTime` must both be given, or neither.',
    );
  }
  const from = parseInstant(start, 'StartTime');
  // The end names a second: events within it count.
  const to = parseInstant(end, 'EndTime') + 999;
  if (to < from || to - from > dayMs) {
    throw new ApiError(
      'InvalidParameterValue.DateTime',
      '`EndTime` must be after `StartTime`, and within one day of it.',
    );
  }
  return { from, to };
}

const form = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/;

/** In Beijing time, like the responses. */
function parseInstant(text: string, field: string): number {
  const instant = form.test(text) ? Date.parse(`${text.replace(' ', 'T')}+08:00`) : Number.NaN;
  if (!Number.isNaN(instant)) return instant;
  throw new ApiError(
    'InvalidParameterValue.DateTime',
    `The parameter \`${field}\` must have the form 2017-05-16 20:00:00.`,
  );
}
