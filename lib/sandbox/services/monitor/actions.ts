import type { ValueRules } from '@/lib/sandbox/model/value-rules';
import type { Actions } from '../action';
import { getMonitorData } from './get-monitor-data';

/**
 * In seconds: https://cloud.tencent.com/document/product/248/51898. Shorter ones of load balancers are not measured.
 */
const periodsS = [60, 300, 3600, 86_400];

export const monitorActions: Actions = {
  GetMonitorData: getMonitorData,
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
