import type { ValueRules } from '@/lib/sandbox/model/value-rules';
import type { Actions } from '../action';
import { describeProducts } from './describe-products';
import { describeProductRegions } from './describe-regions';
import { describeProductZones } from './describe-zones';

export const regionActions: Actions = {
  DescribeProducts: describeProducts,
  DescribeRegions: describeProductRegions,
  DescribeZones: describeProductZones,
};

const source =
  'https://github.com/TencentCloud/tencentcloud-cli/blob/master/tccli/services/region/v20220627/api.json';

export const regionValues: ValueRules = {
  DescribeProducts: [
    { field: 'Offset', range: [0, Number.MAX_SAFE_INTEGER], code: 'InvalidParameter', source },
    { field: 'Limit', range: [1, 100], code: 'InvalidParameter', source },
  ],
  DescribeRegions: [{ field: 'Scene', oneOf: [0, 1], code: 'InvalidParameter', source }],
  DescribeZones: [{ field: 'Scene', oneOf: [0, 1], code: 'InvalidParameter', source }],
};
