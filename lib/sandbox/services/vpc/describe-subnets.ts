import type {
  DescribeSubnetsRequest,
  DescribeSubnetsResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/vpc/v20170312/vpc_models';
import { cloudTime } from '@/lib/sandbox/world/clock';
import type { WorldSubnet } from '../../world/network';
import type { AccountWorld } from '../../world/world';
import { action } from '../action';
import { tokenPage } from '../paging';
import { type FilterTests, passesFilters, tagList } from '../tag-filters';
import { chosenNetworks, isInBlock, stringPage } from './network-query';

const none = () => false;

/** The filters of https://cloud.tencent.com/document/api/215/15784, except those of tags. */
export const subnetFilters: FilterTests<WorldSubnet> = {
  'subnet-id': (subnet, value) => subnet.id === value,
  'subnet-name': (subnet, value) => subnet.name.includes(value),
  'vpc-id': (subnet, value) => subnet.vpcId === value,
  zone: (subnet, value) => subnet.zone === value,
  'cidr-block': (subnet, value) => isInBlock(subnet.cidr, value),
  'is-default': (_, value) => value.toLowerCase() === 'false',
  'is-remote-vpc-snat': (_, value) => value.toLowerCase() === 'false',
  'cdc-id': none,
  'is-cdc-subnet': (_, value) => value === '0',
  'ipv6-cidr-block': none,
  'isp-type': none,
  'address-type': none,
};

/** The number of a subnet's addresses that servers can't have: the network, gateway and broadcast addresses. */
const reservedAddresses = 3;

function subnetAnswer(subnet: WorldSubnet, account: AccountWorld) {
  const total = 2 ** (32 - Number(subnet.cidr.split('/')[1])) - reservedAddresses;
  const used = Object.values(account.instances)
    .filter((instance) => instance.subnetId === subnet.id)
    .flatMap(({ privateIp, interfaces = [] }) => [
      privateIp,
      ...interfaces.flatMap((each) => each.privateIps),
    ]);
  return {
    VpcId: subnet.vpcId,
    SubnetId: subnet.id,
    SubnetName: subnet.name,
    CidrBlock: subnet.cidr,
    IsDefault: false,
    EnableBroadcast: false,
    Zone: subnet.zone,
    RouteTableId: `rtb-${subnet.vpcId.slice(4)}`,
    CreatedTime: cloudTime(subnet.createdAt),
    AvailableIpAddressCount: total - used.length,
    TotalIpAddressCount: total,
    Ipv6CidrBlock: '',
    NetworkAclId: '',
    IsRemoteVpcSnat: false,
    TagSet: tagList(subnet.tags),
    CdcId: '',
    IsCdcSubnet: 0,
  };
}

const tokenRefusal = { code: 'InvalidParameterValue.Malformed', field: 'NextToken' };

/**
 * Lists subnets, in pages by `MaxResults` and `NextToken`, or by `Offset` and `Limit`:
 * https://cloud.tencent.com/document/api/215/15784.
 */
export const describeSubnets = action<DescribeSubnetsRequest, DescribeSubnetsResponse>(
  (request, { account, region }) => {
    const { SubnetIds: ids = [], Filters: filters = [], MaxResults: size, NextToken: token = '' } = request;
    const found = chosenNetworks(account.subnets, { name: 'SubnetIds', ids, filters, region }, (subnet) =>
      passesFilters(subnet, filters, subnetFilters),
    );
    const { items, next } =
      size === undefined
        ? { items: stringPage(found, request), next: '' }
        : tokenPage(found, token, size, tokenRefusal);
    return {
      TotalCount: found.length,
      SubnetSet: items.map((subnet) => subnetAnswer(subnet, account)),
      NextToken: next,
    };
  },
);
