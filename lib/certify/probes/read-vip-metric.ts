import { z } from 'zod';
import { type Account, must } from '../model/account';

type MinuteValue = { readonly at: number; readonly value: number };

/** Formats a time as the monitoring API takes it: ISO 8601 without milliseconds. */
const cloudTime = (epochMs: number) => `${new Date(epochMs).toISOString().slice(0, 19)}+00:00`;

/**
 * Reads the values per minute of a metric of a public load balancer: https://cloud.tencent.com/document/api/248/31014
 * @returns the points that there are, each with the time at which its minute began
 */
export async function readVipMetric(
  account: Account,
  vip: string,
  metric: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<readonly MinuteValue[]> {
  const { DataPoints: data } = await must(
    account,
    'monitor',
    'GetMonitorData',
    {
      Namespace: 'QCE/LB_PUBLIC',
      MetricName: metric,
      Instances: [{ Dimensions: [{ Name: 'vip', Value: vip }] }],
      Period: 60,
      StartTime: cloudTime(from),
      EndTime: cloudTime(to),
    },
    z.object({
      DataPoints: z.array(z.object({ Timestamps: z.array(z.number()), Values: z.array(z.number()) })),
    }),
  );
  const [first] = data;
  return (first?.Timestamps ?? []).map((at, index) => ({ at: at * 1000, value: first?.Values[index] ?? 0 }));
}
