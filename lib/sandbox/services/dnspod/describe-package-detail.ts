import type {
  DescribePackageDetailRequest,
  DescribePackageDetailResponse,
  PackageDetailItem,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/dnspod/v20210323/dnspod_models';
import { allPlans, type DnsPlan } from '@/lib/sandbox/model/dns/plans';
import { action } from '../action';

function packageAnswer(plan: DnsPlan): PackageDetailItem {
  return {
    DomainGrade: plan.code,
    DomainGradeCn: plan.title,
    GradeLevel: plan.level,
    RealPrice: plan.price,
    ChangedTimes: plan.moves,
    MinTtl: plan.minTtlS,
    RecordRoll: plan.sameNameMax,
    SubDomainLevel: plan.levelMax,
    MaxWildcard: plan.wildcardLevelMax,
    DnsServerRegion: plan.serverRegions,
    Ns: [...plan.servers],
  };
}

/** github.com/TencentCloud/tencentcloud-cli, tccli/examples/dnspod/v20210323/DescribePackageDetail.md. */
export const describePackageDetail = action<DescribePackageDetailRequest, DescribePackageDetailResponse>(
  () => ({
    Info: allPlans().map(packageAnswer),
    LevelMap: allPlans()
      .toSorted((a, b) => a.level - b.level)
      .map((plan) => plan.code),
  }),
);
