import type { ValueRule, ValueRules } from '@/lib/sandbox/model/value-rules';
import { type Actions, action } from '../action';
import type { FilterTests } from '../tag-filters';
import { addressFilters, describeAddresses } from './describe-addresses';
import { describeSubnets, describeVpcs, subnetFilters, vpcFilters } from './describe-networks';
import { describeSecurityGroupPolicies, policyFilters } from './describe-security-group-policies';

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
