import type {
  FunctionTarget,
  ModifyFunctionTargetsRequest,
  RegisterFunctionTargetsRequest,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import { entry } from '@/lib/sandbox/model/entry';
import { type ActionContext, action } from '@/lib/sandbox/services/action';
import { findListener, requireLoadBalancer, requireRule } from '@/lib/sandbox/services/clb/find/find-objects';
import { sameFunction } from '@/lib/sandbox/tasks/effects/target-effects';
import type { WorldFunctionTarget, WorldLoadBalancer, WorldRule } from '@/lib/sandbox/world/clb';
import {
  type BrokenRestriction,
  countRestriction,
  functionRestriction,
  instanceRestriction,
  listenerRestriction,
  ruleRestriction,
} from './binding-restrictions';
import { defaultWeight } from './target-input';

/**
 * Returns a function as the request names it. Without a type the qualifier is an alias if the function has one of that
 * name, else a version. The assumed default weight is that of Terraform and Tencent's own toolkit.
 */
function resolveFunctionTarget(
  { Function: fn, Weight: weight }: FunctionTarget,
  context: ActionContext,
): WorldFunctionTarget {
  const { FunctionNamespace: namespace, FunctionName: name, FunctionQualifier: qualifier } = fn;
  const known = entry(context.account.functions, `${context.region}/${namespace}/${name}`);
  const isAlias = known?.aliases.some((alias) => alias.name === qualifier) ?? qualifier === '$DEFAULT';
  const qualifierType = fn.FunctionQualifierType ?? (isAlias ? 'ALIAS' : 'VERSION');
  return {
    namespace,
    name,
    qualifier,
    qualifierType: qualifierType === 'ALIAS' ? 'ALIAS' : 'VERSION',
    weight: weight ?? defaultWeight,
  };
}

type Request = RegisterFunctionTargetsRequest | ModifyFunctionTargetsRequest;

/**
 * Starts binding a function, unless a restriction is broken: that fails the call or its task, as assumed. The rule is
 * resolved only after the listener is known to support one.
 */
function bind(
  request: Request,
  context: ActionContext,
  replaces: boolean,
  refuse: (rule: WorldRule) => void = () => {},
): void {
  const loadBalancer = requireLoadBalancer(context, request.LoadBalancerId);
  const listener = findListener(loadBalancer, request.ListenerId);
  const { account, region } = context;
  const early = instanceRestriction(account, loadBalancer) ?? listenerRestriction(listener);
  if (early) {
    breaks(early, loadBalancer, context);
    return;
  }
  const rule = requireRule(listener, request);
  refuse(rule);
  const functions = request.FunctionTargets.map((target) => resolveFunctionTarget(target, context));
  const mayRepeat = context.assumptions.get('binding.duplicate') === 'accepted';
  const isRepeated = countRestriction(rule, rule.functions, functions)?.code === 'binding.duplicate';
  const isReplaced = replaces || (mayRepeat && isRepeated);
  const leaving = isReplaced ? rule.functions : [];
  const broken =
    ruleRestriction(rule) ??
    countRestriction(rule, isReplaced ? [] : rule.functions, functions) ??
    functions.map((target) => functionRestriction(account, region, target, leaving)).find((each) => each) ??
    null;
  if (broken) {
    breaks(broken, loadBalancer, context);
    return;
  }
  context.startTask(loadBalancer, {
    kind: isReplaced ? 'replaceFunctions' : 'registerFunctions',
    loadBalancerId: loadBalancer.id,
    listenerId: listener.id,
    ruleId: rule.id,
    functions,
  });
}

/**
 * Returns whether a restriction is broken. @throws ApiError unless a broken restriction fails only the task: that then
 * fails and changes nothing
 */
function breaks(broken: BrokenRestriction, loadBalancer: WorldLoadBalancer, context: ActionContext): void {
  if (context.assumptions.get('binding.failsIn') === 'call') {
    throw new ApiError(context.assumptions.get(broken.code), broken.message);
  }
  context.startTask(loadBalancer, { kind: 'nothing' });
  const task = context.account.tasks[context.requestId];
  if (task) task.fault = { kind: 'fails', message: broken.message };
}

/** https://www.tencentcloud.com/document/api/214/54047. */
export const registerFunctionTargets = action<'clb.RegisterFunctionTargets'>((request, context) => {
  bind(request, context, false);
  return {};
});

/**
 * ModifyFunctionTargets of github.com/TencentCloud/tencentcloud-cli, tccli/services/clb/v20180317/api.json. Replaces
 * the rule's function, version, alias or weight in one task: the page doesn't call it asynchronous, but Terraform waits
 * for a task (github.com/tencentcloudstack/terraform-provider-tencentcloud,
 * resource_tc_clb_function_targets_attachment.go).
 */
export const modifyFunctionTargets = action<'clb.ModifyFunctionTargets'>((request, context) => {
  bind(request, context, true, (rule) => {
    if (rule.functions.length > 0) return;
    if (context.assumptions.get('modifyFunction.withoutOne') === 'binds') return;
    throw new ApiError(
      'ResourceNotFound',
      `The rule ${rule.id} is bound to no function that could be modified.`,
    );
  });
  return {};
});

/** DeregisterFunctionTargets of the same description. */
export const deregisterFunctionTargets = action<'clb.DeregisterFunctionTargets'>((request, context) => {
  const loadBalancer = requireLoadBalancer(context, request.LoadBalancerId);
  const listener = findListener(loadBalancer, request.ListenerId);
  const rule = requireRule(listener, request);
  const functions = request.FunctionTargets.map((target) => resolveFunctionTarget(target, context));
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
