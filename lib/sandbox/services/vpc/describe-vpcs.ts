import type {
  DescribeVpcsRequest,
  DescribeVpcsResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/vpc/v20170312/vpc_models';
import { cloudTime } from '@/lib/sandbox/world/clock';
import type { WorldVpc } from '../../world/network';
import { action } from '../action';
import { type FilterTests, passesFilters, tagList } from '../tag-filters';
import { chosenNetworks, isInBlock, stringPage } from './network-query';

const none = () => false;

/** The filters of https://cloud.tencent.com/document/api/215/15778, except those of tags. */
export const vpcFilters: FilterTests<WorldVpc> = {
  'vpc-id': (vpc, value) => vpc.id === value,
  'vpc-name': (vpc, value) => vpc.name.includes(value),
  'is-default': (vpc, value) => String(vpc.isDefault) === value.toLowerCase(),
  'cidr-block': (vpc, value) => isInBlock(vpc.cidr, value),
  'ipv6-cidr-block': none,
  'isp-type': none,
  'address-type': none,
};

/** Lists VPCs; `Offset` and `Limit` are strings there: https://cloud.tencent.com/document/api/215/15778. */
export const describeVpcs = action<DescribeVpcsRequest, DescribeVpcsResponse>(
  (request, { account, region }) => {
    const { VpcIds: ids = [], Filters: filters = [] } = request;
    const found = chosenNetworks(account.vpcs, { name: 'VpcIds', ids, filters, region }, (vpc) =>
      passesFilters(vpc, filters, vpcFilters),
    );
    return {
      TotalCount: found.length,
      VpcSet: stringPage(found, request).map((vpc) => ({
        VpcId: vpc.id,
        VpcName: vpc.name,
        CidrBlock: vpc.cidr,
        IsDefault: vpc.isDefault,
        EnableMulticast: false,
        CreatedTime: cloudTime(vpc.createdAt),
        DnsServerSet: ['183.60.83.19', '183.60.82.98'],
        DomainName: '',
        DhcpOptionsId: '',
        EnableDhcp: true,
        Ipv6CidrBlock: '',
        TagSet: tagList(vpc.tags),
        AssistantCidrSet: [],
        EnableRouteVpcPublish: false,
        Ipv6CidrBlockSet: [],
        EnableRouteVpcPublishIpv6: false,
      })),
    };
  },
);
