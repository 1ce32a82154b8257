import type { SecurityGroupPolicy } from 'tencentcloud-sdk-nodejs/tencentcloud/services/vpc/v20170312/vpc_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import type { ValueRule, ValueRules } from '@/lib/sandbox/model/value-rules';
import { cloudTime } from '@/lib/sandbox/world/clock';
import type { WorldIngressRule } from '@/lib/sandbox/world/network';
import { type Actions, action } from '../action';
import { type FilterTests, passesFilters } from '../tag-filters';
import { addressFilters, describeAddresses } from './describe-addresses';
import { describeSubnets, describeVpcs, subnetFilters, vpcFilters } from './describe-networks';

const none = () => false;

/** The filters of https://www.tencentcloud.com/document/api/215/15804. */
const policyFilters: FilterTests<WorldIngressRule> = {
  'security-group-id': none,
  ip: ({ source }, value) => source.includes(value),
  'address-module': none,
  'service-module': none,
  'protocol-type': ({ protocol }, value) => protocol.toUpperCase() === value.toUpperCase(),
  port: ({ ports }, value) => ports.toUpperCase() === value.toUpperCase(),
  poly: ({ action: effect }, value) => effect === value.toUpperCase(),
  direction: (_, value) => value.toUpperCase() === 'INGRESS',
};

/**
 * https://www.tencentcloud.com/document/api/215/15804: the inbound and outbound rules of a group. Here all outbound
 * traffic is allowed.
 */
const describeSecurityGroupPolicies = action<'vpc.DescribeSecurityGroupPolicies'>(
  (request, { account, region }) => {
    const { SecurityGroupId: id, Filters: filters = [] } = request;
    const group = account.securityGroups?.[id];
    if (group?.region !== region) {
      throw new ApiError('ResourceNotFound', `There is no security group ${id} in ${region}.`);
    }
    const policy = (rule: WorldIngressRule, index: number): SecurityGroupPolicy => ({
      PolicyIndex: index,
      Protocol: rule.protocol,
      Port: rule.ports,
      ServiceTemplate: { ServiceId: '', ServiceGroupId: '' },
      CidrBlock: rule.source,
      Ipv6CidrBlock: '',
      SecurityGroupId: '',
      AddressTemplate: { AddressId: '', AddressGroupId: '' },
      Action: rule.action,
      PolicyDescription: rule.description,
      ModifyTime: cloudTime(group.modifiedAt),
    });
    const everything: WorldIngressRule = {
      action: 'ACCEPT',
      protocol: 'ALL',
      ports: 'ALL',
      source: '0.0.0.0/0',
      description: '',
    };
    const direction = filters.find(({ Name: name }) => name === 'direction')?.Values[0]?.toUpperCase();
    return {
      SecurityGroupPolicySet: {
        Version: '1',
        Egress: direction === 'INGRESS' ? [] : [policy(everything, 0)],
        Ingress: group.ingress.map(policy).filter((_, index) => {
          const rule = group.ingress[index];
          return rule !== undefined && passesFilters({ ...rule, tags: {} }, filters, policyFilters);
        }),
      },
    };
  },
);

/** https://cloud.tencent.com/document/api/215/86509. */
const describeNetworkAccountType = action<'vpc.DescribeNetworkAccountType'>((_, context) => ({
  NetworkAccountType: context.account.networkAccountType,
}));

export const vpcActions: Actions = {
  DescribeNetworkAccountType: describeNetworkAccountType,
  DescribeVpcs: describeVpcs,
  DescribeSubnets: describeSubnets,
  DescribeAddresses: describeAddresses,
  DescribeSecurityGroupPolicies: describeSecurityGroupPolicies,
};

function filterRule(
  names: readonly (string | RegExp)[],
  most: number,
  code: string,
  source: string,
): ValueRule {
  return { field: 'Filters', filters: names, most, mostValues: 100, code, source };
}

const unknownFilter = 'InvalidParameter.FilterInvalidKey';

function listRules<T>(ids: string, filters: FilterTests<T>, source: string): ValueRule[] {
  return [
    { field: ids, items: [0, 100], code: 'InvalidParameterValue.LimitExceeded', source },
    filterRule([...Object.keys(filters), 'tag-key', /^tag:./], 100, unknownFilter, source),
    {
      field: 'Offset',
      pattern: /^\d{1,9}$/,
      hint: 'be a number from 0 on',
      code: 'InvalidParameterValue.Malformed',
      source,
    },
    {
      field: 'Limit',
      pattern: /^([1-9]|[1-9]\d|100)$/,
      hint: 'be a number between 1 and 100',
      code: 'InvalidParameterValue.Range',
      source,
    },
  ];
}

const addresses = 'https://cloud.tencent.com/document/api/215/16702';
const subnets = 'https://cloud.tencent.com/document/api/215/15784';

export const vpcValues: ValueRules = {
  DescribeVpcs: listRules('VpcIds', vpcFilters, 'https://cloud.tencent.com/document/api/215/15778'),
  DescribeAddresses: [
    filterRule(
      [...Object.keys(addressFilters), 'tag-key', 'tag-value', /^tag:./],
      10,
      unknownFilter,
      addresses,
    ),
    { field: 'Limit', range: [1, 100], code: 'InvalidParameterValue.Range', source: addresses },
  ],
  DescribeSecurityGroupPolicies: [
    filterRule(
      Object.keys(policyFilters),
      10,
      'InvalidParameterValue.Malformed',
      'https://www.tencentcloud.com/document/api/215/15804',
    ),
  ],
  DescribeSubnets: [
    ...listRules('SubnetIds', subnetFilters, subnets),
    { field: 'MaxResults', range: [1, 100], source: subnets },
  ],
};
