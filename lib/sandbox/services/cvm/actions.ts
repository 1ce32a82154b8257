import type { ValueRules } from '@/lib/sandbox/model/value-rules';
import type { Actions } from '../action';
import { describeInstances, instanceFilters } from './describe-instances';
import { describeRegions } from './describe-regions';
import { describeZones } from './describe-zones';

export const cvmActions: Actions = {
  DescribeInstances: describeInstances,
  DescribeRegions: describeRegions,
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
