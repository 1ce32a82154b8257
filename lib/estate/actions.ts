/**
 * The cloud actions that we send, as `service:Action`: the permissions that a key needs (the policy in
 * docs/real-account.md).
 */

/** Actions that a sync sends. */
export const readActions: readonly string[] = [
  'sts:GetCallerIdentity',
  'vpc:DescribeNetworkAccountType',
  'vpc:DescribeVpcs',
  'vpc:DescribeSubnets',
  'vpc:DescribeSecurityGroupPolicies',
  'cvm:DescribeInstances',
  'cvm:DescribeZones',
  'clb:DescribeLoadBalancers',
  'clb:DescribeListeners',
  'clb:DescribeClassicalLBListeners',
  'clb:DescribeTargets',
  'clb:DescribeTargetHealth',
  'clb:DescribeTaskStatus',
  'clb:DescribeQuota',
  'clb:DescribeCustomizedConfigList',
  'clb:DescribeCustomizedConfigAssociateList',
  'clb:DescribeLBOperateProtect',
  'scf:GetAccount',
  'scf:ListNamespaces',
  'scf:ListFunctions',
  'scf:GetFunction',
  'scf:ListVersionByFunction',
  'scf:ListAliases',
  'scf:GetAlias',
  'scf:ListTriggers',
  'scf:GetReservedConcurrencyConfig',
  'scf:GetProvisionedConcurrencyConfig',
  'scf:GetFunctionLogs',
  'dnspod:DescribeDomainList',
  'dnspod:DescribeRecordList',
  'dnspod:DescribePackageDetail',
  'dnspod:DescribeRecordLineList',
  'igtm:DescribeInstanceList',
  'ssl:DescribeCertificates',
  'cam:ListAttachedUserAllPolicies',
  'cam:ListAttachedRolePolicies',
  'cam:GetPolicy',
  'monitor:GetMonitorData',
  'cloudaudit:DescribeEvents',
];

/** Actions that a connection with a role sends, with the keys that assume it. */
export const roleActions: readonly string[] = ['sts:AssumeRole'];

/** Actions that the steps of plans send. */
export const planActions: readonly string[] = [
  'clb:CreateLoadBalancer',
  'clb:DeleteLoadBalancer',
  'clb:CreateListener',
  'clb:DeleteListener',
  'clb:CreateRule',
  'clb:DeleteRule',
  'clb:RegisterTargets',
  'clb:DeregisterTargets',
  'clb:ModifyTargetWeight',
  'clb:RegisterFunctionTargets',
  'clb:DeregisterFunctionTargets',
  'clb:ModifyFunctionTargets',
  'dnspod:CreateRecord',
  'dnspod:ModifyRecord',
  'dnspod:ModifyRecordFields',
  'dnspod:ModifyRecordStatus',
  'dnspod:DeleteRecord',
  'scf:PutProvisionedConcurrencyConfig',
  'scf:DeleteProvisionedConcurrencyConfig',
];

/** Actions that deployments of functions send. */
export const deployActions: readonly string[] = [
  'scf:CreateFunction',
  'scf:UpdateFunctionCode',
  'scf:PublishVersion',
  'scf:CreateAlias',
  'scf:UpdateAlias',
];

/** Actions that test invocations send. */
export const invokeActions: readonly string[] = ['scf:InvokeFunction'];

/** Actions that changes on the pages about functions send, beyond those of plans and deployments. */
export const manageActions: readonly string[] = ['scf:DeleteFunction', 'scf:DeleteAlias'];

/** Actions that the steps of plans, deployments and changes of functions send. */
export const writeActions: readonly string[] = [...planActions, ...deployActions, ...manageActions];
