import { listRegionZones } from '@/lib/sandbox/model/region-table';
import type { ValueRules } from '@/lib/sandbox/model/value-rules';
import { type Actions, action } from '../action';
import { describeInstances, instanceFilters } from './describe-instances';

/** https://cloud.tencent.com/document/api/213/15707 */
const describeZones = action<'cvm.DescribeZones'>((_, { region, language }) => {
  const zones = listRegionZones(region, language);
  return {
    TotalCount: zones.length,
    ZoneSet: zones.map(({ code, id, name, state }) => ({
      Zone: code,
      ZoneName: name,
      ZoneId: id,
      ZoneState: state,
    })),
  };
});

export const cvmActions: Actions = {
  DescribeInstances: describeInstances,
  DescribeZones: describeZones,
};

const source = 'https://www.tencentcloud.com/document/api/213/15728';

export const cvmValues: ValueRules = {
  DescribeInstances: [
    { field: 'InstanceIds', items: [0, 100], code: 'InvalidParameterValue.LimitExceeded', source },
    { field: 'Filters', items: [0, 10], code: 'InvalidParameterValue.LimitExceeded', source },
    { field: 'Filters[].Values', items: [0, 5], code: 'InvalidFilterValue.LimitExceeded', source },
    {
      field: 'Filters',
      filters: [...Object.keys(instanceFilters), 'tag-key', 'tag-value', /^tag:./],
      most: 10,
      mostValues: 5,
      code: 'InvalidFilter',
      source,
    },
    { field: 'Offset', range: [0, Number.MAX_SAFE_INTEGER], code: 'InvalidParameterValue', source },
    { field: 'Limit', range: [1, 100], code: 'InvalidParameterValue.LimitExceeded', source },
  ],
};
