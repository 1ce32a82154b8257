import { invokeActions, planActions, readActions, roleActions, writeActions } from '@/lib/estate/actions';
import type { ResourceType } from '@/lib/plan/export/terraform/resource';

/*
 * The clients that the sandbox serves, with the actions that each calls as `service:Action`. Actions that the sandbox
 * refuses are left out: no client needs them for what its documentation promises.
 */

/** The actions that certify sends. Its test compares them with those of a whole run. */
export const certifyActions: readonly string[] = [
  'clb:AssociateTargetGroups',
  'clb:CreateListener',
  'clb:CreateLoadBalancer',
  'clb:CreateRule',
  'clb:CreateTargetGroup',
  'clb:DeleteLoadBalancer',
  'clb:DeleteTargetGroups',
  'clb:DeregisterTargets',
  'clb:DescribeListeners',
  'clb:DescribeLoadBalancers',
  'clb:DescribeQuota',
  'clb:DescribeRewrite',
  'clb:DescribeTargetGroupInstanceStatus',
  'clb:DescribeTargetGroups',
  'clb:DescribeTaskStatus',
  'clb:DisassociateTargetGroups',
  'clb:ManualRewrite',
  'clb:ModifyFunctionTargets',
  'clb:ModifyLoadBalancerAttributes',
  'clb:ModifyTargetWeight',
  'clb:RegisterFunctionTargets',
  'clb:RegisterTargets',
  'clb:SetLoadBalancerStartStatus',
  'dnspod:CreateRecord',
  'dnspod:DeleteRecord',
  'dnspod:DescribeDomain',
  'dnspod:DescribeRecord',
  'dnspod:DescribeRecordList',
  'dnspod:ModifyRecord',
  'dnspod:ModifyRecordFields',
  'monitor:GetMonitorData',
  'scf:CreateAlias',
  'scf:CreateFunction',
  'scf:DeleteFunction',
  'scf:DeleteProvisionedConcurrencyConfig',
  'scf:DeleteReservedConcurrencyConfig',
  'scf:GetAlias',
  'scf:GetFunction',
  'scf:Invoke',
  'scf:ListFunctions',
  'scf:PublishVersion',
  'scf:PutProvisionedConcurrencyConfig',
  'scf:PutReservedConcurrencyConfig',
  'scf:UpdateAlias',
  'sts:GetCallerIdentity',
  'vpc:DescribeNetworkAccountType',
  'vpc:DescribeVpcs',
];

/**
 * The actions that the Terraform provider sends to create, read, update, import and delete the resources of the export:
 * the requests built in github.com/tencentcloudstack/terraform-provider-tencentcloud 1.83.25, tencentcloud/services, by
 * the file of each resource and by the functions that it calls.
 */
const terraformActions: Readonly<Record<ResourceType, readonly string[]>> = {
  tencentcloud_clb_instance: [
    'clb:CreateLoadBalancer',
    'clb:DeleteLoadBalancer',
    'clb:DescribeLoadBalancers',
    'clb:DescribeTaskStatus',
    'clb:ModifyLoadBalancerAttributes',
    'clb:ModifyLoadBalancerSla',
    'clb:SetLoadBalancerSecurityGroups',
    'tag:DescribeResourceTagsByResourceIds',
    'tag:ModifyResourceTags',
    'vpc:DescribeAddresses',
  ],
  tencentcloud_clb_listener: [
    'clb:CreateListener',
    'clb:DeleteListener',
    'clb:DescribeListeners',
    'clb:DescribeTaskStatus',
    'clb:ModifyListener',
    'ssl:DescribeCertificateDetail',
  ],
  tencentcloud_clb_listener_rule: [
    'clb:CreateRule',
    'clb:DeleteRule',
    'clb:DescribeListeners',
    'clb:DescribeTaskStatus',
    'clb:ModifyDomainAttributes',
    'clb:ModifyRule',
    'ssl:DescribeCertificateDetail',
  ],
  tencentcloud_clb_attachment: [
    'clb:DeregisterTargets',
    'clb:DescribeListeners',
    'clb:DescribeTargets',
    'clb:DescribeTaskStatus',
    'clb:ModifyTargetWeight',
    'clb:RegisterTargets',
  ],
  tencentcloud_clb_function_targets_attachment: [
    'clb:DeregisterFunctionTargets',
    'clb:DescribeTargets',
    'clb:DescribeTaskStatus',
    'clb:ModifyFunctionTargets',
    'clb:RegisterFunctionTargets',
  ],
  tencentcloud_dnspod_record: [
    'dnspod:CreateRecord',
    'dnspod:DeleteRecord',
    'dnspod:DescribeRecord',
    'dnspod:ModifyRecord',
  ],
  tencentcloud_scf_provisioned_concurrency_config: [
    'scf:DeleteProvisionedConcurrencyConfig',
    'scf:GetProvisionedConcurrencyConfig',
    'scf:PutProvisionedConcurrencyConfig',
  ],
};

/**
 * The actions of the modules for functions, triggers, load balancers, tags, roles, networks and metrics in Tencent's own
 * toolkit: github.com/serverless-tencent/tencent-component-toolkit 2.27.2, src/modules.
 */
const toolkitActions: readonly string[] = [
  'cam:GetUserAppId',
  'cam:ListAttachedRolePolicies',
  'clb:CreateRule',
  'clb:DeleteRule',
  'clb:DescribeListeners',
  'clb:DescribeTaskStatus',
  'clb:ModifyFunctionTargets',
  'clb:RegisterFunctionTargets',
  'monitor:GetMonitorData',
  'scf:CreateAlias',
  'scf:CreateFunction',
  'scf:CreateTrigger',
  'scf:DeleteAlias',
  'scf:DeleteFunction',
  'scf:DeleteProvisionedConcurrencyConfig',
  'scf:DeleteTrigger',
  'scf:GetAlias',
  'scf:GetFunction',
  'scf:GetProvisionedConcurrencyConfig',
  'scf:GetRequestStatus',
  'scf:GetReservedConcurrencyConfig',
  'scf:Invoke',
  'scf:ListAliases',
  'scf:ListTriggers',
  'scf:ListVersionByFunction',
  'scf:PublishVersion',
  'scf:PutProvisionedConcurrencyConfig',
  'scf:PutReservedConcurrencyConfig',
  'scf:UpdateAlias',
  'scf:UpdateFunctionCode',
  'scf:UpdateFunctionConfiguration',
  'scf:UpdateTrigger',
  'tag:DescribeResourceTagsByResourceIds',
  'tag:DescribeTags',
  'vpc:DescribeSubnets',
  'vpc:DescribeVpcs',
];

/** The actions by user, in the order in which docs/sandbox-actions.md names the users. */
export const actionUsers: Readonly<Record<string, readonly string[]>> = {
  Spillway: [...readActions, ...roleActions, ...writeActions, ...invokeActions],
  // lib/plan/export/tccli: the writes of plans, and the reads before and after them.
  'tccli scripts': [
    ...planActions,
    'clb:DescribeListeners',
    'clb:DescribeLoadBalancers',
    'clb:DescribeTargets',
    'clb:DescribeTaskStatus',
    'dnspod:DescribeRecordList',
    'scf:GetProvisionedConcurrencyConfig',
    'sts:GetCallerIdentity',
  ],
  certify: certifyActions,
  ...terraformActions,
  'tencent-component-toolkit': toolkitActions,
};
