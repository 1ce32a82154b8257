import type { Reader } from '../caller';
import { toCloudTime } from '../cloud-time';
import { toMinutes } from './convert';
import type { Minutes } from './last-minute';

/** Something that is monitored: the dimensions, by name, that tell it from all others of its namespace. */
export type MonitoredObject = {
  readonly region: string;
  readonly namespace: 'QCE/LB_PUBLIC' | 'QCE/LB_PRIVATE' | 'QCE/SCF_V2';
  readonly dimensions: Readonly<Record<string, string>>;
};

/** How far back is looked for data: how much the monitoring lags is not documented. */
const lookBackMs = 5 * 60_000;

/**
 * A metric of one object by minute, over the last few minutes: https://cloud.tencent.com/document/api/248/31014.
 * @param now epoch milliseconds
 */
export function readMinutes(
  reader: Reader,
  { region, namespace, dimensions }: MonitoredObject,
  metric: string,
  now: number,
): Promise<Minutes> {
  const params = {
    Namespace: namespace,
    MetricName: metric,
    Instances: [
      { Dimensions: Object.entries(dimensions).map(([name, value]) => ({ Name: name, Value: value })) },
    ],
    Period: 60,
    StartTime: toCloudTime(now - lookBackMs),
    EndTime: toCloudTime(now),
  };
  return reader.read({ service: 'monitor', action: 'GetMonitorData', region, params }, toMinutes);
}
