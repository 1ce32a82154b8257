import type { ValueRules } from '../../api/value-rules';
import type { Actions } from '../action';
import { autoRewrite } from './auto-rewrite';
import { describeCrossTargets, describeLBListeners } from './backend-lookups';
import { batchDeregisterTargets, batchModifyTargetWeight, batchRegisterTargets } from './batch-targets';
import { createListenerAction } from './create-listener';
import { createLoadBalancerAction } from './create-load-balancer';
import { associateCustomizedConfig, disassociateCustomizedConfig } from './custom-config-bindings';
import { customConfigValues } from './custom-config-values';
import { deleteListenerAction, deleteLoadBalancerListeners } from './delete-listeners';
import { deleteLoadBalancerAction } from './delete-load-balancer';
import { describeClassicalLBListeners } from './describe-classic-listeners';
import {
  describeCustomizedConfigAssociateList,
  describeCustomizedConfigList,
} from './describe-custom-configs';
import { describeListeners } from './describe-listeners';
import { describeLoadBalancers } from './describe-load-balancers';
import { describeLoadBalancersDetail } from './describe-load-balancers-detail';
import { describeQuota } from './describe-quota';
import { describeResources } from './describe-resources';
import { describeRewrite } from './describe-rewrite';
import {
  describeTargetGroupInstanceStatus,
  describeTargetGroupInstances,
} from './describe-target-group-instances';
import { describeTargetGroupList, describeTargetGroups } from './describe-target-groups';
import { describeTargetHealth } from './describe-target-health';
import { describeTargets } from './describe-targets';
import { describeTaskStatus } from './describe-task-status';
import {
  deregisterFunctionTargets,
  modifyFunctionTargets,
  registerFunctionTargets,
} from './function-targets';
import { describeLoadBalancerListByCertId, replaceCertForLoadBalancers } from './listener-certificates';
import { listenerValues } from './listener-values';
import { modifyLoadBalancerSla, setLoadBalancerSecurityGroups } from './load-balancer-settings';
import { loadBalancerValues } from './load-balancer-values';
import { modifyDomain, modifyDomainAttributes } from './modify-domain';
import { modifyListener } from './modify-listener';
import { modifyLoadBalancerAttributes, setLoadBalancerStartStatus } from './modify-load-balancer';
import { modifyRule } from './modify-rule';
import { deleteRewrite, manualRewrite } from './rewrites';
import { createRuleAction, deleteRuleAction } from './rules';
import { setCustomizedConfigForLoadBalancer } from './set-custom-config';
import { associateTargetGroups, disassociateTargetGroups } from './target-group-associations';
import {
  deregisterTargetGroupInstances,
  modifyTargetGroupInstancesPort,
  modifyTargetGroupInstancesWeight,
  registerTargetGroupInstances,
} from './target-group-instances';
import { targetGroupValues } from './target-group-values';
import { createTargetGroup, deleteTargetGroups, modifyTargetGroupAttribute } from './target-groups';
import { targetValues } from './target-values';
import {
  deregisterTargetsAction,
  modifyTargetPort,
  modifyTargetWeight,
  registerTargetsAction,
} from './targets';

export const clbActions: Actions = {
  DescribeLoadBalancers: describeLoadBalancers,
  DescribeLoadBalancersDetail: describeLoadBalancersDetail,
  CreateLoadBalancer: createLoadBalancerAction,
  DeleteLoadBalancer: deleteLoadBalancerAction,
  ModifyLoadBalancerAttributes: modifyLoadBalancerAttributes,
  SetLoadBalancerStartStatus: setLoadBalancerStartStatus,
  ModifyLoadBalancerSla: modifyLoadBalancerSla,
  SetLoadBalancerSecurityGroups: setLoadBalancerSecurityGroups,
  DescribeCrossTargets: describeCrossTargets,
  DescribeLBListeners: describeLBListeners,
  DescribeResources: describeResources,
  DescribeClassicalLBListeners: describeClassicalLBListeners,
  DescribeQuota: describeQuota,
  DescribeListeners: describeListeners,
  CreateListener: createListenerAction,
  ModifyListener: modifyListener,
  DeleteListener: deleteListenerAction,
  DeleteLoadBalancerListeners: deleteLoadBalancerListeners,
  DescribeTargets: describeTargets,
  DescribeTaskStatus: describeTaskStatus,
  CreateRule: createRuleAction,
  ModifyRule: modifyRule,
  DeleteRule: deleteRuleAction,
  ModifyDomain: modifyDomain,
  ModifyDomainAttributes: modifyDomainAttributes,
  ReplaceCertForLoadBalancers: replaceCertForLoadBalancers,
  DescribeLoadBalancerListByCertId: describeLoadBalancerListByCertId,
  RegisterTargets: registerTargetsAction,
  DeregisterTargets: deregisterTargetsAction,
  ModifyTargetWeight: modifyTargetWeight,
  ModifyTargetPort: modifyTargetPort,
  BatchRegisterTargets: batchRegisterTargets,
  BatchDeregisterTargets: batchDeregisterTargets,
  BatchModifyTargetWeight: batchModifyTargetWeight,
  DescribeTargetHealth: describeTargetHealth,
  RegisterFunctionTargets: registerFunctionTargets,
  ModifyFunctionTargets: modifyFunctionTargets,
  DeregisterFunctionTargets: deregisterFunctionTargets,
  ManualRewrite: manualRewrite,
  AutoRewrite: autoRewrite,
  DescribeRewrite: describeRewrite,
  DeleteRewrite: deleteRewrite,
  CreateTargetGroup: createTargetGroup,
  DescribeTargetGroups: describeTargetGroups,
  DescribeTargetGroupList: describeTargetGroupList,
  DescribeTargetGroupInstances: describeTargetGroupInstances,
  DescribeTargetGroupInstanceStatus: describeTargetGroupInstanceStatus,
  ModifyTargetGroupAttribute: modifyTargetGroupAttribute,
  ModifyTargetGroupInstancesWeight: modifyTargetGroupInstancesWeight,
  ModifyTargetGroupInstancesPort: modifyTargetGroupInstancesPort,
  RegisterTargetGroupInstances: registerTargetGroupInstances,
  DeregisterTargetGroupInstances: deregisterTargetGroupInstances,
  AssociateTargetGroups: associateTargetGroups,
  DisassociateTargetGroups: disassociateTargetGroups,
  DeleteTargetGroups: deleteTargetGroups,
  SetCustomizedConfigForLoadBalancer: setCustomizedConfigForLoadBalancer,
  DescribeCustomizedConfigList: describeCustomizedConfigList,
  DescribeCustomizedConfigAssociateList: describeCustomizedConfigAssociateList,
  AssociateCustomizedConfig: associateCustomizedConfig,
  DisassociateCustomizedConfig: disassociateCustomizedConfig,
};

export const clbValues: ValueRules = {
  ...loadBalancerValues,
  ...listenerValues,
  ...targetValues,
  ...targetGroupValues,
  ...customConfigValues,
};
