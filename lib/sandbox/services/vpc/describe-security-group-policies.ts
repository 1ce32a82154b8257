import type { SecurityGroupPolicy } from 'tencentcloud-sdk-nodejs/tencentcloud/services/vpc/v20170312/vpc_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import { cloudTime } from '@/lib/sandbox/world/clock';
import type { WorldIngressRule } from '../../world/network';
import { action } from '../action';
import type { FilterTests } from '../tag-filters';
import { passesFilters } from '../tag-filters';

const none = () => false;

/** The filters of https://www.tencentcloud.com/document/api/215/15804. */
export const policyFilters: FilterTests<WorldIngressRule> = {
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
export const describeSecurityGroupPolicies = action<'vpc.DescribeSecurityGroupPolicies'>(
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
