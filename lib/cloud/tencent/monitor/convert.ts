import type { GetMonitorDataResponse } from 'tencentcloud-sdk-nodejs/tencentcloud/services/monitor/v20180724/monitor_models.js';
import { z } from 'zod';
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
