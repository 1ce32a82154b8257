import type { WorldPolicy } from '../world/access';
import type { AccountWorld } from '../world/world';

/** Builds a policy of the account's own that allows actions on everything. */
function allowing(id: number, name: string, action: string[], createdAt: number): WorldPolicy {
  const statement = [{ effect: 'allow' as const, action, resource: ['*'] }];
  return { id, name, description: '', kind: 'User', document: { version: '2.0', statement }, createdAt };
}

const of = (service: string, ...names: string[]) => names.map((name) => `${service}:${name}`);

/** The actions needed to read an estate, and no more. */
const reviewerActions = [
  'clb:Describe*',
  ...of(
    'scf',
    'ListNamespaces',
    'ListFunctions',
    'GetFunction',
    'ListTriggers',
    'ListVersionByFunction',
    'ListAliases',
  ),
  ...of('scf', 'GetAlias', 'GetAccount', 'GetReservedConcurrencyConfig', 'GetProvisionedConcurrencyConfig'),
  ...of('cvm', 'DescribeInstances', 'DescribeZones'),
  ...of('vpc', 'DescribeNetworkAccountType', 'DescribeVpcs', 'DescribeSubnets'),
  'vpc:DescribeSecurityGroupPolicies',
  ...of('dnspod', 'DescribeDomainList', 'DescribeRecordList', 'DescribeRecord', 'DescribeRecordLineList'),
  'dnspod:DescribePackageDetail',
  'igtm:DescribeInstanceList',
  ...of('cam', 'ListAttachedUserAllPolicies', 'ListAttachedRolePolicies', 'GetPolicy'),
  'monitor:GetMonitorData',
  'ssl:DescribeCertificates',
  'sts:GetCallerIdentity',
  'sts:AssumeRole',
];

/** The additional actions needed to move traffic. */
const operatorActions = [
  ...of('clb', 'RegisterFunctionTargets', 'DeregisterFunctionTargets', 'ModifyFunctionTargets'),
  ...of('clb', 'RegisterTargets', 'DeregisterTargets', 'ModifyTargetWeight'),
  ...of('clb', 'CreateRule', 'ModifyRule', 'ModifyDomainAttributes', 'DeleteRule'),
  'clb:ManualRewrite',
  ...of('dnspod', 'CreateRecord', 'ModifyRecord', 'ModifyRecordFields', 'ModifyRecordStatus'),
  ...of('scf', 'PublishVersion', 'CreateAlias', 'UpdateAlias', 'PutReservedConcurrencyConfig'),
  ...of('scf', 'PutProvisionedConcurrencyConfig', 'DeleteProvisionedConcurrencyConfig'),
];

/**
 * Returns two sub-users: `reviewer` may read, `operator` may also move traffic. Both may assume the role `traffic`, which
 * may do what the operator may.
 */
export function flashSaleUsers(
  uin: string,
  createdAt: number,
): Pick<AccountWorld, 'users' | 'policies' | 'roles'> {
  const policies = [
    allowing(210_000_001, 'traffic-review', reviewerActions, createdAt),
    allowing(210_000_002, 'traffic-operation', operatorActions, createdAt),
  ];
  const reviewer = { name: 'reviewer', uin: '100028471936', policyIds: [210_000_001], createdAt };
  const operator = {
    name: 'operator',
    uin: '100028471937',
    policyIds: [210_000_001, 210_000_002],
    createdAt,
  };
  return {
    users: { reviewer, operator },
    roles: {
      traffic: {
        id: '4611686018427397919',
        name: 'traffic',
        policyIds: [210_000_001, 210_000_002],
        trustedUins: [uin],
        externalId: 'spillway',
      },
    },
    policies: Object.fromEntries(policies.map((policy) => [policy.id, policy])),
  };
}
