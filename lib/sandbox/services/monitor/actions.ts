import { invalidValue } from '@/lib/sandbox/model/api-error';
import type { ValueRules } from '@/lib/sandbox/model/value-rules';
import { type Actions, action } from '../action';
import { getMonitorData } from './get-monitor-data';
import { findNamespace } from './namespaces';

/**
 * In seconds: https://cloud.tencent.com/document/product/248/51898. Shorter ones of load balancers are not measured.
 */
const periodsS = [60, 300, 3600, 86_400];

/** https://cloud.tencent.com/document/api/248/30351 */
const describeBaseMetrics = action<'monitor.DescribeBaseMetrics'>((request) => {
  const { Namespace: name, MetricName: metric, Dimensions: wanted = [] } = request;
  const namespace = findNamespace(name);
  if (namespace === undefined) {
    throw invalidValue(`The parameter \`Namespace\` names none: \`${name}\`.`);
  }
  if (namespace === 'unmeasured') return { MetricSet: [] };
  const dimensions = namespace.dimensions.filter((known) => wanted.every((each) => known.includes(each)));
  if (dimensions.length === 0) return { MetricSet: [] };
  const metrics = namespace.metrics.filter((each) => metric === undefined || each.name === metric);
  return {
    MetricSet: metrics.map(({ name: metricName, unit, stat, en, zh }) => ({
      Namespace: name,
      MetricName: metricName,
      MetricCName: zh,
      MetricEName: en,
      Unit: unit,
      UnitCname: unit,
      Period: [...periodsS],
      Periods: periodsS.map((period) => ({ Period: String(period), StatType: [stat] })),
      Dimensions: dimensions.map((names) => ({ Dimensions: [...names] })),
      Meaning: { En: en, Zh: zh },
    })),
  };
});

export const monitorActions: Actions = {
  GetMonitorData: getMonitorData,
  DescribeBaseMetrics: describeBaseMetrics,
};

const source = 'https://cloud.tencent.com/document/api/248/31014';

export const monitorValues: ValueRules = {
  GetMonitorData: [
    { field: 'Instances', items: [1, 50], code: 'InvalidParameterValue', source },
    { field: 'Instances[].Dimensions', items: [1, 20], code: 'InvalidParameterValue', source },
    { field: 'Period', oneOf: periodsS, source },
    { field: 'SpecifyStatistics', range: [0, 7], code: 'InvalidParameterValue', source },
  ],
};
