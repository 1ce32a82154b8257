import { type InvocationMinute, noCalls } from '../../telemetry/invocation-log';
import type { ActionContext } from '../action';
import { addCalls, invocationMetrics } from './invocation-metrics';
import { createReading, type MetricReading } from './metric';
import type { DimensionValues } from './namespaces';

/** Returns a metric of a function, or of the calls of one version or alias; null when there is no such function. */
export function functionReading(
  name: string,
  values: DimensionValues,
  { account, region, now, telemetry }: ActionContext,
): MetricReading | null {
  const namespace = values.get('namespace') ?? 'default';
  const functionName = values.get('functionName') ?? '';
  const [version, alias] = [values.get('version'), values.get('alias')];
  const metric = invocationMetrics.find((each) => each.name === name);
  if (!metric || !account.functions[`${region}/${namespace}/${functionName}`]) return null;
  const minutes = new Map<number, InvocationMinute>();
  const calls = telemetry.invocations.minutes(
    (series) =>
      series.uin === account.uin &&
      series.region === region &&
      series.namespace === namespace &&
      series.name === functionName &&
      (version === undefined || series.version === version) &&
      (alias === undefined || series.qualifier === alias),
    0,
    now + 1,
  );
  for (const { minute, bucket } of calls) {
    minutes.set(minute, addCalls(minutes.get(minute) ?? noCalls(), bucket));
  }
  return createReading(metric, minutes, noCalls, addCalls);
}
