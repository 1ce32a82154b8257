import type { DescribeRegionsResponse } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cvm/v20170312/cvm_models';
import { regionTable } from '@/lib/sandbox/model/region-table';
import { action } from '../action';

/** https://cloud.tencent.com/document/api/213/15708 */
export const describeRegions = action<object, DescribeRegionsResponse>((_, { language }) => ({
  TotalCount: regionTable.size,
  RegionSet: [...regionTable.values()].map(({ code, name }) => ({
    Region: code,
    RegionName: name[language],
    RegionState: 'AVAILABLE',
  })),
}));
