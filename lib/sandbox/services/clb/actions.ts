import type { ValueRules } from '../../api/value-rules';
import type { Actions } from '../action';
import { describeListeners } from './describe-listeners';
import { describeLoadBalancers } from './describe-load-balancers';
import { describeTargets } from './describe-targets';
import { describeTaskStatus } from './describe-task-status';
import { deregisterFunctionTargets, registerFunctionTargets } from './function-targets';
import { createRule, deleteRule } from './rules';
import { deregisterTargets, registerTargets } from './targets';

export const clbActions: Actions = {
  DescribeLoadBalancers: describeLoadBalancers,
  DescribeListeners: describeListeners,
  DescribeTargets: describeTargets,
  DescribeTaskStatus: describeTaskStatus,
  CreateRule: createRule,
  DeleteRule: deleteRule,
  RegisterTargets: registerTargets,
  DeregisterTargets: deregisterTargets,
  RegisterFunctionTargets: registerFunctionTargets,
  DeregisterFunctionTargets: deregisterFunctionTargets,
};

export const clbValues: ValueRules = {};
