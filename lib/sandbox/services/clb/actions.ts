import type { ValueRules } from '../../api/value-rules';
import type { Actions } from '../action';
import { createListener } from './create-listener';
import { createLoadBalancer } from './create-load-balancer';
import { deleteListener, deleteLoadBalancerListeners } from './delete-listeners';
import { deleteLoadBalancer } from './delete-load-balancer';
import { describeListeners } from './describe-listeners';
import { describeLoadBalancers } from './describe-load-balancers';
import { describeLoadBalancersDetail } from './describe-load-balancers-detail';
import { describeQuota } from './describe-quota';
import { describeTargets } from './describe-targets';
import { describeTaskStatus } from './describe-task-status';
import { deregisterFunctionTargets, registerFunctionTargets } from './function-targets';
import { describeLoadBalancerListByCertId, replaceCertForLoadBalancers } from './listener-certificates';
import { listenerValues } from './listener-values';
import { loadBalancerValues } from './load-balancer-values';
import { modifyDomain, modifyDomainAttributes } from './modify-domain';
import { modifyListener } from './modify-listener';
import { modifyLoadBalancerAttributes, setLoadBalancerStartStatus } from './modify-load-balancer';
import { modifyRule } from './modify-rule';
import { createRule, deleteRule } from './rules';
import { deregisterTargets, registerTargets } from './targets';

export const clbActions: Actions = {
  DescribeLoadBalancers: describeLoadBalancers,
  DescribeLoadBalancersDetail: describeLoadBalancersDetail,
  CreateLoadBalancer: createLoadBalancer,
  DeleteLoadBalancer: deleteLoadBalancer,
  ModifyLoadBalancerAttributes: modifyLoadBalancerAttributes,
  SetLoadBalancerStartStatus: setLoadBalancerStartStatus,
  DescribeQuota: describeQuota,
  DescribeListeners: describeListeners,
  CreateListener: createListener,
  ModifyListener: modifyListener,
  DeleteListener: deleteListener,
  DeleteLoadBalancerListeners: deleteLoadBalancerListeners,
  DescribeTargets: describeTargets,
  DescribeTaskStatus: describeTaskStatus,
  CreateRule: createRule,
  ModifyRule: modifyRule,
  DeleteRule: deleteRule,
  ModifyDomain: modifyDomain,
  ModifyDomainAttributes: modifyDomainAttributes,
  ReplaceCertForLoadBalancers: replaceCertForLoadBalancers,
  DescribeLoadBalancerListByCertId: describeLoadBalancerListByCertId,
  RegisterTargets: registerTargets,
  DeregisterTargets: deregisterTargets,
  RegisterFunctionTargets: registerFunctionTargets,
  DeregisterFunctionTargets: deregisterFunctionTargets,
};

export const clbValues: ValueRules = { ...loadBalancerValues, ...listenerValues };
