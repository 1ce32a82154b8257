import type {
  DescribeRegionsRequest,
  DescribeRegionsResponse,
  RegionInfo,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/region/v20220627/region_models';
import { regionTable } from '@/lib/sandbox/model/region-table';
import { action, type WithFields, type WithNull } from '../action';
import { requireProduct } from './describe-products';

type RegionAnswer = WithNull<RegionInfo, 'LocationMC' | 'RegionIdMC' | 'RegionNameMC' | 'RegionTypeMC'>;
type Answer = WithFields<DescribeRegionsResponse, { RegionSet: RegionAnswer[] }>;

/** https://cloud.tencent.com/document/api/1596/77930 */
export const describeProductRegions = action<DescribeRegionsRequest, Answer>((request, { language }) => {
  requireProduct(request.Product);
  return {
    TotalCount: regionTable.size,
    RegionSet: [...regionTable.values()].map(({ code, name }) => ({
      Region: code,
      RegionName: name[language],
      RegionState: 'AVAILABLE',
      RegionTypeMC: null,
      LocationMC: null,
      RegionNameMC: null,
      RegionIdMC: null,
    })),
  };
});
