import type {
  DeregisterTargetsRequest,
  DeregisterTargetsResponse,
  RegisterTargetsRequest,
  RegisterTargetsResponse,
  Target,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { ApiError } from '../../api/api-error';
import { sameTarget } from '../../tasks/effects/target-effects';
import type { WorldListener, WorldLoadBalancer, WorldRule, WorldTarget } from '../../world/clb';
import { type ActionContext, action } from '../action';
import { bindingCodes } from './binding-restrictions';
import { findListener, findLoadBalancer, findRule, isLayer7 } from './look-up';

/** Targets in one call: https://www.tencentcloud.com/document/api/214/33839. */
const targetsPerCall = 20;
/** Servers of one rule or layer-4 listener: https://www.tencentcloud.com/document/product/214/6187. */
const targetsMax = 100;
const defaultWeight = 10;

type Place = {
  readonly loadBalancer: WorldLoadBalancer;
  readonly listener: WorldListener;
  /** null on a layer-4 listener. */
  readonly rule: WorldRule | null;
};

function placeOf(request: RegisterTargetsRequest, context: ActionContext): Place {
  const loadBalancer = findLoadBalancer(context, request.LoadBalancerId);
  const listener = findListener(loadBalancer, request.ListenerId);
  return { loadBalancer, listener, rule: isLayer7(listener) ? findRule(listener, request) : null };
}

function instanceIdOf(target: Target, context: ActionContext): string {
  const { InstanceId: id, EniIp: ip } = target;
  if ((id === undefined) === (ip === undefined)) {
    throw new ApiError('InvalidParameterValue', 'A target needs either `InstanceId` or `EniIp`.');
  }
  const instance = Object.values(context.account.instances).find(
    (candidate) => candidate.region === context.region && (candidate.id === id || candidate.privateIp === ip),
  );
  if (!instance) {
    throw new ApiError(
      'InvalidParameterValue',
      `The instance ${id ?? ip} does not exist in ${context.region}.`,
    );
  }
  return instance.id;
}

function targetOf(target: Target, context: ActionContext): WorldTarget {
  const weight = target.Weight ?? defaultWeight;
  if (target.Port < 1 || target.Port > 65_535) {
    throw new ApiError('InvalidParameterValue.Range', 'The parameter `Port` must be between 1 and 65535.');
  }
  if (weight < 0 || weight > 100) {
    throw new ApiError('InvalidParameterValue.Range', 'The parameter `Weight` must be between 0 and 100.');
  }
  return { instanceId: instanceIdOf(target, context), port: target.Port, weight, registeredAt: context.now };
}

function checkedTargets(request: RegisterTargetsRequest, context: ActionContext): WorldTarget[] {
  if (request.Targets.length === 0 || request.Targets.length > targetsPerCall) {
    throw new ApiError(
      'InvalidParameterValue.Length',
      `The parameter \`Targets\` takes 1 to ${targetsPerCall}.`,
    );
  }
  const targets = request.Targets.map((target) => targetOf(target, context));
  if (targets.some((target, index) => targets.findIndex((other) => sameTarget(target, other)) !== index)) {
    throw new ApiError('InvalidParameterValue.Duplicate', 'The parameter `Targets` names a target twice.');
  }
  return targets;
}

/** https://www.tencentcloud.com/document/api/214/33839. Layer-4 listeners need no rule. */
export const registerTargets = action<RegisterTargetsRequest, RegisterTargetsResponse>((request, context) => {
  const { loadBalancer, listener, rule } = placeOf(request, context);
  const targets = checkedTargets(request, context);
  if (rule && rule.functions.length > 0) {
    throw new ApiError(
      bindingCodes.R17,
      `The rule ${rule.id} is bound to a function and can't take servers.`,
    );
  }
  if (rule && rule.targetType !== 'NODE') {
    throw new ApiError('InvalidParameterValue', `The rule ${rule.id} takes target groups, not servers.`);
  }
  const present = (rule ?? listener).targets;
  const double = targets.find((target) => present.some((have) => sameTarget(have, target)));
  if (double) {
    throw new ApiError(
      'InvalidParameterValue.Duplicate',
      `The target ${double.instanceId}:${double.port} is registered already.`,
    );
  }
  if (present.length + targets.length > targetsMax) {
    throw new ApiError('LimitExceeded', `A rule takes at most ${targetsMax} servers.`);
  }
  const place = { loadBalancerId: loadBalancer.id, listenerId: listener.id, ruleId: rule?.id ?? null };
  context.startTask(loadBalancer, { kind: 'registerTargets', ...place, targets });
  return {};
});

/** https://www.tencentcloud.com/document/api/214/33846. A target that isn't there: InvalidParameterValue (assumption). */
export const deregisterTargets = action<DeregisterTargetsRequest, DeregisterTargetsResponse>(
  (request, context) => {
    const { loadBalancer, listener, rule } = placeOf(request, context);
    const targets = checkedTargets(request, context);
    const present = (rule ?? listener).targets;
    const absent = targets.find((target) => !present.some((have) => sameTarget(have, target)));
    if (absent) {
      throw new ApiError(
        'InvalidParameterValue',
        `The target ${absent.instanceId}:${absent.port} is not registered.`,
      );
    }
    const place = { loadBalancerId: loadBalancer.id, listenerId: listener.id, ruleId: rule?.id ?? null };
    const gone = targets.map(({ instanceId, port }) => ({ instanceId, port }));
    context.startTask(loadBalancer, { kind: 'deregisterTargets', ...place, targets: gone });
    return {};
  },
);
