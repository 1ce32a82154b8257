import type { ValueRules } from '../../api/value-rules';
import type { Actions } from '../action';
import { describeProducts } from './describe-products';
import { describeRegions } from './describe-regions';
import { describeZones } from './describe-zones';

export const regionActions: Actions = {
  DescribeProducts: describeProducts,
  DescribeRegions: describeRegions,
  DescribeZones: describeZones,
};

const source = 'https://cloud.tencent.com/document/api/1596/77931';

export const regionValues: ValueRules = {
  DescribeProducts: [
    { field: 'Offset', range: [0, Number.MAX_SAFE_INTEGER], code: 'InvalidParameter', source },
    { field: 'Limit', range: [1, 100], code: 'InvalidParameter', source },
  ],
  DescribeRegions: [{ field: 'Scene', oneOf: [0, 1], code: 'InvalidParameter', source }],
  DescribeZones: [{ field: 'Scene', oneOf: [0, 1], code: 'InvalidParameter', source }],
};
