import type { ValueRules } from '@/lib/sandbox/model/value-rules';
import type { Actions } from '../action';
import {
  customConfigValues,
  describeCustomizedConfigAssociateList,
  describeCustomizedConfigList,
} from './describe-custom-configs';
import { describeTaskStatus } from './describe-task-status';
import { describeQuota } from './find/quotas';
import { createListenerAction, deleteListenerAction, modifyListener } from './listeners/change-listeners';
import { describeClassicalLBListeners, describeListeners } from './listeners/describe-listeners';
import { listenerValues } from './listeners/listener-values';
import { modifyDomainAttributes } from './listeners/modify-domain-attributes';
import { describeRewrite, manualRewrite } from './listeners/rewrites';
import { createRuleAction, deleteRuleAction, modifyRule } from './listeners/rules';
import { createLoadBalancerAction } from './load-balancers/create-load-balancer';
import { deleteLoadBalancerAction } from './load-balancers/delete-load-balancer';
import { describeLBOperateProtect, describeLoadBalancers } from './load-balancers/describe-load-balancers';
import { loadBalancerValues } from './load-balancers/load-balancer-values';
import {
  modifyLoadBalancerAttributes,
  modifyLoadBalancerSla,
  setLoadBalancerSecurityGroups,
  setLoadBalancerStartStatus,
} from './load-balancers/modify-load-balancer';
import {
  describeTargetGroupInstanceStatus,
  describeTargetGroups,
} from './target-groups/describe-target-groups';
import { associateTargetGroups, disassociateTargetGroups } from './target-groups/target-group-associations';
import { targetGroupValues } from './target-groups/target-group-input';
import { createTargetGroup, deleteTargetGroups } from './target-groups/target-groups';
import { describeTargetHealth } from './targets/describe-target-health';
import { describeTargets } from './targets/describe-targets';
import {
  deregisterFunctionTargets,
  modifyFunctionTargets,
  registerFunctionTargets,
} from './targets/function-targets';
import { targetValues } from './targets/target-input';
import { deregisterTargetsAction, modifyTargetWeight, registerTargetsAction } from './targets/targets';

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
  DescribeTargetHealth: describeTargetHealth,
  RegisterFunctionTargets: registerFunctionTargets,
  ModifyFunctionTargets: modifyFunctionTargets,
  DeregisterFunctionTargets: deregisterFunctionTargets,
  ManualRewrite: manualRewrite,
  DescribeRewrite: describeRewrite,
  CreateTargetGroup: createTargetGroup,
  DescribeTargetGroups: describeTargetGroups,
  DescribeTargetGroupInstanceStatus: describeTargetGroupInstanceStatus,
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
