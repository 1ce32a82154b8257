import type {
  DeregisterFunctionTargetsRequest,
  DeregisterFunctionTargetsResponse,
  FunctionTarget,
  RegisterFunctionTargetsRequest,
  RegisterFunctionTargetsResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { ApiError } from '../../api/api-error';
import { sameFunction } from '../../tasks/effects/target-effects';
import type { WorldFunctionTarget } from '../../world/clb';
import { action } from '../action';
import { checkFunction, checkInstance, checkListener, checkRule } from './binding-restrictions';
import { findListener, findLoadBalancer, findRule } from './look-up';

/** The weight that Terraform and Tencent's own toolkit send; the API page names no default. */
const defaultWeight = 10;

function functionOf({ Function: fn, Weight: weight = defaultWeight }: FunctionTarget): WorldFunctionTarget {
  const qualifierType =
    fn.FunctionQualifierType ?? (fn.FunctionQualifier === '$DEFAULT' ? 'ALIAS' : 'VERSION');
  if (qualifierType !== 'VERSION' && qualifierType !== 'ALIAS') {
    throw new ApiError(
      'InvalidParameterValue',
      'The parameter `FunctionQualifierType` must be VERSION or ALIAS.',
    );
  }
  if (weight < 0 || weight > 100) {
    throw new ApiError('InvalidParameterValue', 'The parameter `Weight` must be between 0 and 100.');
  }
  return {
    namespace: fn.FunctionNamespace,
    name: fn.FunctionName,
    qualifier: fn.FunctionQualifier,
    qualifierType,
    weight,
  };
}

function functionsOf(targets: readonly FunctionTarget[]): WorldFunctionTarget[] {
  if (targets.length === 0) {
    throw new ApiError('InvalidParameterValue.Length', 'The parameter `FunctionTargets` must not be empty.');
  }
  return targets.map(functionOf);
}

/** https://www.tencentcloud.com/document/api/214/54047. */
export const registerFunctionTargets = action<
  RegisterFunctionTargetsRequest,
  RegisterFunctionTargetsResponse
>((request, context) => {
  const loadBalancer = findLoadBalancer(context, request.LoadBalancerId);
  const listener = findListener(loadBalancer, request.ListenerId);
  checkInstance(context.account, loadBalancer);
  checkListener(listener);
  const rule = findRule(listener, request);
  const functions = functionsOf(request.FunctionTargets);
  checkRule(rule, functions);
  for (const target of functions) checkFunction(context.account, context.region, target);
  const place = { loadBalancerId: loadBalancer.id, listenerId: listener.id, ruleId: rule.id };
  context.startTask(loadBalancer, { kind: 'registerFunctions', ...place, functions });
  return {};
});

/** https://www.tencentcloud.com/document/api/214/54048. */
export const deregisterFunctionTargets = action<
  DeregisterFunctionTargetsRequest,
  DeregisterFunctionTargetsResponse
>((request, context) => {
  const loadBalancer = findLoadBalancer(context, request.LoadBalancerId);
  const listener = findListener(loadBalancer, request.ListenerId);
  const rule = findRule(listener, request);
  const functions = functionsOf(request.FunctionTargets);
  const absent = functions.find((target) => !rule.functions.some((have) => sameFunction(have, target)));
  if (absent) {
    throw new ApiError(
      'ResourceNotFound',
      `The function ${absent.namespace}/${absent.name} (${absent.qualifier}) is not bound to the rule ${rule.id}.`,
    );
  }
  const place = { loadBalancerId: loadBalancer.id, listenerId: listener.id, ruleId: rule.id };
  context.startTask(loadBalancer, { kind: 'deregisterFunctions', ...place, functions });
  return {};
});
