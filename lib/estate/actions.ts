/*
 * The cloud actions that we send, as `service:Action`: the permissions that a key needs (the policy in
 * docs/real-account.md), by the feature that needs them.
 */

export type Feature = {
  /** Writes are signed with the key for changes. */
  readonly use: 'read' | 'write';
  readonly actions: readonly string[];
  /** The action that a test of a connection tries; null = it can't be tried without an effect or an object. */
  readonly trial: string | null;
};

/** The features that need rights, by name, in the order in which they are shown. */
export const features = {
  loadBalancers: {
    use: 'read',
    actions: [
      'clb:DescribeLoadBalancers',
      'clb:DescribeListeners',
      'clb:DescribeClassicalLBListeners',
      'clb:DescribeTargets',
      'clb:DescribeTargetHealth',
      'clb:DescribeTaskStatus',
      'clb:DescribeQuota',
      'clb:DescribeCustomizedConfigList',
      'clb:DescribeCustomizedConfigAssociateList',
    ],
    trial: 'clb:DescribeLoadBalancers',
  },
  functions: {
    use: 'read',
    actions: [
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
    ],
    trial: 'scf:ListNamespaces',
  },
  dns: {
    use: 'read',
    actions: [
      'dnspod:DescribeDomainList',
      'dnspod:DescribeRecordList',
      'dnspod:DescribePackageDetail',
      'dnspod:DescribeRecordLineList',
    ],
    trial: 'dnspod:DescribeDomainList',
  },
  servers: {
    use: 'read',
    actions: [
      'sts:GetCallerIdentity',
      'cvm:DescribeInstances',
      'cvm:DescribeZones',
      'vpc:DescribeVpcs',
      'vpc:DescribeSubnets',
      'vpc:DescribeNetworkAccountType',
    ],
    trial: 'cvm:DescribeInstances',
  },
  securityGroups: {
    use: 'read',
    actions: ['vpc:DescribeSecurityGroupPolicies'],
    trial: 'vpc:DescribeSecurityGroupPolicies',
  },
  certificates: {
    use: 'read',
    actions: ['ssl:DescribeCertificates'],
    trial: 'ssl:DescribeCertificates',
  },
  permissions: {
    use: 'read',
    actions: ['cam:ListAttachedUserAllPolicies', 'cam:ListAttachedRolePolicies', 'cam:GetPolicy'],
    trial: 'cam:ListAttachedUserAllPolicies',
  },
  monitoring: { use: 'read', actions: ['monitor:GetMonitorData'], trial: 'monitor:GetMonitorData' },
  actors: { use: 'read', actions: ['cloudaudit:DescribeEvents'], trial: 'cloudaudit:DescribeEvents' },
  owners: {
    use: 'read',
    actions: ['clb:DescribeLBOperateProtect', 'igtm:DescribeInstanceList'],
    trial: null,
  },
  logs: { use: 'read', actions: ['scf:GetFunctionLogs'], trial: null },
  targets: {
    use: 'write',
    actions: [
      'clb:CreateRule',
      'clb:DeleteRule',
      'clb:RegisterTargets',
      'clb:DeregisterTargets',
      'clb:ModifyTargetWeight',
    ],
    trial: null,
  },
  bindFunctions: {
    use: 'write',
    actions: ['clb:RegisterFunctionTargets', 'clb:DeregisterFunctionTargets', 'clb:ModifyFunctionTargets'],
    trial: null,
  },
  createLoadBalancers: {
    use: 'write',
    actions: ['clb:CreateLoadBalancer', 'clb:DeleteLoadBalancer', 'clb:CreateListener', 'clb:DeleteListener'],
    trial: null,
  },
  moveNames: {
    use: 'write',
    actions: [
      'dnspod:CreateRecord',
      'dnspod:ModifyRecord',
      'dnspod:ModifyRecordFields',
      'dnspod:ModifyRecordStatus',
      'dnspod:DeleteRecord',
    ],
    trial: null,
  },
  warmInstances: {
    use: 'write',
    actions: ['scf:PutProvisionedConcurrencyConfig', 'scf:DeleteProvisionedConcurrencyConfig'],
    trial: null,
  },
  deployFunctions: {
    use: 'write',
    actions: [
      'scf:CreateFunction',
      'scf:UpdateFunctionCode',
      'scf:PublishVersion',
      'scf:CreateAlias',
      'scf:UpdateAlias',
    ],
    trial: null,
  },
  deleteFunctions: { use: 'write', actions: ['scf:DeleteFunction', 'scf:DeleteAlias'], trial: null },
  testFunctions: { use: 'write', actions: ['scf:InvokeFunction'], trial: null },
} satisfies Readonly<Record<string, Feature>>;
export type FeatureName = keyof typeof features;

function listActions(use: Feature['use']): readonly string[] {
  return Object.values(features).flatMap((feature): readonly string[] =>
    feature.use === use ? feature.actions : [],
  );
}

/** Actions that a sync sends. */
export const readActions = listActions('read');

/** Actions that a connection with a role sends, with the keys that assume it. */
export const roleActions: readonly string[] = ['sts:AssumeRole'];

const { targets, bindFunctions, createLoadBalancers, moveNames, warmInstances } = features;
const { deployFunctions, deleteFunctions, testFunctions } = features;

/** Actions that the steps of plans send. */
export const planActions: readonly string[] = [
  createLoadBalancers,
  targets,
  bindFunctions,
  moveNames,
  warmInstances,
].flatMap(({ actions }): readonly string[] => actions);

/** Actions that deployments of functions send. */
export const deployActions: readonly string[] = deployFunctions.actions;

/** Actions that test invocations send. */
export const invokeActions: readonly string[] = testFunctions.actions;

/** Actions that changes on the pages about functions send, beyond those of plans and deployments. */
export const manageActions: readonly string[] = deleteFunctions.actions;

/** Actions that the steps of plans, deployments and changes of functions send. */
export const writeActions: readonly string[] = [...planActions, ...deployActions, ...manageActions];
