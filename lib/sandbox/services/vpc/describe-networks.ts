import { ApiError } from '@/lib/sandbox/model/api-error';
import { cloudTime } from '@/lib/sandbox/world/clock';
import type { WorldSubnet, WorldVpc } from '@/lib/sandbox/world/network';
import type { AccountWorld } from '../../world/world';
import { action } from '../action';
import { page, tokenPage } from '../paging';
import { type FilterTests, passesFilters, tagList } from '../tag-filters';

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
export const describeSubnets = action<'vpc.DescribeSubnets'>((request, { account, region }) => {
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
});

/** The default and the maximum `Limit`: https://cloud.tencent.com/document/api/215/15778 */
const limits = { fallback: 20, max: 100 };

function stringPage<T>(items: readonly T[], request: { Offset?: string; Limit?: string }): T[] {
  const { Offset: offset = '0', Limit: limit = String(limits.fallback) } = request;
  return page(items, { Offset: Number(offset), Limit: Number(limit) }, limits);
}

function isInBlock(cidr: string, wanted: string): boolean {
  return cidr === wanted || cidr.startsWith(`${wanted}/`);
}

/**
 * Returns the networks of a region that are named, or else pass the filters.
 * @throws ApiError InvalidParameter.Coexist, ResourceNotFound
 */
function chosenNetworks<T extends { readonly id: string; readonly region: string }>(
  all: Readonly<Record<string, T>>,
  query: {
    readonly name: string;
    readonly ids: readonly string[];
    readonly filters: readonly object[];
    readonly region: string;
  },
  passes: (network: T) => boolean,
): T[] {
  const { name, ids, filters, region } = query;
  if (ids.length > 0 && filters.length > 0) {
    throw new ApiError(
      'InvalidParameter.Coexist',
      `The parameters \`${name}\` and \`Filters\` exclude each other.`,
    );
  }
  const here = Object.values(all).filter((network) => network.region === region);
  const missing = ids.find((id) => !here.some((network) => network.id === id));
  if (missing !== undefined) {
    throw new ApiError('ResourceNotFound', `The \`${missing}\` of \`${name}\` does not exist in ${region}.`);
  }
  return here.filter((network) => (ids.length > 0 ? ids.includes(network.id) : passes(network)));
}

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
export const describeVpcs = action<'vpc.DescribeVpcs'>((request, { account, region }) => {
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
});
