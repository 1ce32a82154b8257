import type { ValueRules } from '@/lib/sandbox/model/value-rules';
import type { Actions } from '../action';
import {
  customConfigValues,
  describeCustomizedConfigAssociateList,
  describeCustomizedConfigList,
} from './describe-custom-configs';
import { describeTaskStatus } from './describe-task-status';
import { describeQuota } from './find/quotas';
import { autoRewrite } from './listeners/auto-rewrite';
import { createListenerAction, deleteListenerAction, modifyListener } from './listeners/change-listeners';
import { describeClassicalLBListeners, describeListeners } from './listeners/describe-listeners';
import { listenerValues } from './listeners/listener-values';
import { modifyDomainAttributes } from './listeners/modify-domain-attributes';
import { deleteRewrite, describeRewrite, manualRewrite } from './listeners/rewrites';
import { createRuleAction, deleteRuleAction, modifyRule } from './listeners/rules';
import { createLoadBalancerAction } from './load-balancers/create-load-balancer';
import { deleteLoadBalancerAction } from './load-balancers/delete-load-balancer';
import { describeLoadBalancers } from './load-balancers/describe-load-balancers';
import { describeLBOperateProtect } from './load-balancers/describe-operate-protect';
import { loadBalancerValues } from './load-balancers/load-balancer-values';
import {
  modifyLoadBalancerAttributes,
  modifyLoadBalancerSla,
  setLoadBalancerSecurityGroups,
  setLoadBalancerStartStatus,
} from './load-balancers/modify-load-balancer';
import { describeTargetGroupList, describeTargetGroups } from './target-groups/describe-target-groups';
import { associateTargetGroups, disassociateTargetGroups } from './target-groups/target-group-associations';
import { targetGroupValues } from './target-groups/target-group-input';
import {
  deregisterTargetGroupInstances,
  describeTargetGroupInstanceStatus,
  describeTargetGroupInstances,
  modifyTargetGroupInstancesPort,
  modifyTargetGroupInstancesWeight,
  registerTargetGroupInstances,
} from './target-groups/target-group-instances';
import {
  createTargetGroup,
  deleteTargetGroups,
  modifyTargetGroupAttribute,
} from './target-groups/target-groups';
import {
  batchDeregisterTargets,
  batchModifyTargetWeight,
  batchRegisterTargets,
} from './targets/batch-targets';
import { describeTargetHealth } from './targets/describe-target-health';
import { describeTargets } from './targets/describe-targets';
import {
  deregisterFunctionTargets,
  modifyFunctionTargets,
  registerFunctionTargets,
} from './targets/function-targets';
import { targetValues } from './targets/target-input';
import {
  deregisterTargetsAction,
  modifyTargetPort,
  modifyTargetWeight,
  registerTargetsAction,
} from './targets/targets';

export const clbActions: Actions = {
  DescribeLoadBalancers: describeLoadBalancers,
  CreateLoadBalancer: createLoadBalancerAction,
  DeleteLoadBalancer: deleteLoadBalancerAction,
  ModifyLoadBalancerAttributes: modifyLoadBalancerAttributes,
  SetLoadBalancerStartStatus: setLoadBalancerStartStatus,
  ModifyLoadBalancerSla: modifyLoadBalancerSla,
  SetLoadBalancerSecurityGroups: setLoadBalancerSecurityGroups,
  DescribeClassicalLBListeners: describeClassicalLBListeners,
  DescribeQuota: describeQuota,
  DescribeLBOperateProtect: describeLBOperateProtect,
  DescribeListeners: describeListeners,
  CreateListener: createListenerAction,
  ModifyListener: modifyListener,
  DeleteListener: deleteListenerAction,
  DescribeTargets: describeTargets,
  DescribeTaskStatus: describeTaskStatus,
  CreateRule: createRuleAction,
  ModifyRule: modifyRule,
  DeleteRule: deleteRuleAction,
  ModifyDomainAttributes: modifyDomainAttributes,
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
  DescribeCustomizedConfigList: describeCustomizedConfigList,
  DescribeCustomizedConfigAssociateList: describeCustomizedConfigAssociateList,
};

export const clbValues: ValueRules = {
  ...loadBalancerValues,
  ...listenerValues,
  ...targetValues,
  ...targetGroupValues,
  ...customConfigValues,
};
