import { ApiError, invalidValue } from '@/lib/sandbox/model/api-error';
import { entry } from '@/lib/sandbox/model/entry';
import type { ValueRule, ValueRules } from '@/lib/sandbox/model/value-rules';
import type { ActionContext } from '@/lib/sandbox/services/action';
import {
  findCurrentLoadBalancer,
  findListener,
  isHttpListener,
  requireRule,
} from '@/lib/sandbox/services/clb/find/find-objects';
import { sameTarget } from '@/lib/sandbox/tasks/effects/target-effects';
import type { WorldListener, WorldLoadBalancer, WorldRule, WorldTarget } from '@/lib/sandbox/world/clb';
import type { RulePlace, TargetAddress } from '@/lib/sandbox/world/effect';
import type { WorldInstance } from '@/lib/sandbox/world/network';
import { addressOwner, formatTargetAddress } from '@/lib/sandbox/world/target-address';
import type { AccountWorld } from '@/lib/sandbox/world/world';

/** The public API description. */
const source =
  'https://github.com/TencentCloud/tencentcloud-cli/blob/master/tccli/services/clb/v20180317/api.json';
const code = 'InvalidParameterValue';

const port = (field: string): ValueRule => ({ field, range: [1, 65_535], source, code });
const weight = (field: string): ValueRule => ({ field, range: [0, 100], source, code });
const items = (field: string, min: number, max: number): ValueRule => ({ field, items: [min, max], source });

const targets = [items('Targets', 1, 20), port('Targets[].Port'), weight('Targets[].Weight')];
const functions: readonly ValueRule[] = [
  // More than one is refused as a binding restriction, so that its code can be configured.
  items('FunctionTargets', 1, 100),
  weight('FunctionTargets[].Weight'),
  { field: 'FunctionTargets[].Function.FunctionQualifierType', oneOf: ['VERSION', 'ALIAS'], source },
];

/** The value rules of the actions on targets, functions and redirects. */
export const targetValues: ValueRules = {
  DescribeTargets: [
    items('ListenerIds', 0, 20),
    {
      field: 'Filters',
      filters: ['location-id', 'private-ip-address', 'tag'],
      most: 10,
      mostValues: 100,
      source,
    },
  ],
  DescribeTargetHealth: [items('LoadBalancerIds', 1, 30)],
  RegisterTargets: targets,
  DeregisterTargets: targets,
  ModifyTargetWeight: [...targets, weight('Weight')],
  RegisterFunctionTargets: functions,
  ModifyFunctionTargets: functions,
  DeregisterFunctionTargets: functions,
  ManualRewrite: [
    items('RewriteInfos', 1, 100),
    { field: 'RewriteInfos[].RewriteCode', oneOf: [301, 302, 307], source },
  ],
};

/** The default weight of a target: https://cloud.tencent.com/document/api/214/30694#Target. */
export const defaultWeight = 10;

/** The place of targets: a rule, or a layer-4 listener (`rule` null). */
export type TargetPlace = {
  readonly loadBalancer: WorldLoadBalancer;
  readonly listener: WorldListener;
  readonly rule: WorldRule | null;
};

type Address = {
  LoadBalancerId: string;
  ListenerId: string;
  LocationId?: string;
  Domain?: string;
  Url?: string;
};

/** Returns the place that a request names. @throws ApiError */
export function findPlace(address: Address, context: ActionContext): TargetPlace {
  const loadBalancer = findCurrentLoadBalancer(context, address.LoadBalancerId);
  const listener = findListener(loadBalancer, address.ListenerId);
  return { loadBalancer, listener, rule: isHttpListener(listener) ? requireRule(listener, address) : null };
}

/** Returns a place as ids. */
export function toRulePlace({ loadBalancer, listener, rule }: TargetPlace): RulePlace {
  return { loadBalancerId: loadBalancer.id, listenerId: listener.id, ruleId: rule?.id ?? null };
}

/** Returns the rule or listener that has the targets of a place. */
export function getTargetHolder({ listener, rule }: TargetPlace): WorldRule | WorldListener {
  return rule ?? listener;
}

/** Returns whether the load balancer is in the classic network, which has no VPC. */
export function isInClassicNetwork({ vpcId }: Pick<WorldLoadBalancer, 'vpcId'>): boolean {
  return vpcId === '' || vpcId === '0';
}

type ServerAddress = { InstanceId?: string; EniIp?: string };

/**
 * Returns the server that a target names by id or by one of its addresses, in the region of the load balancer's
 * targets. Its primary address is the server itself (assumption: according to the description, the id binds that
 * address).
 * @throws ApiError
 */
function findServer(
  target: ServerAddress,
  loadBalancer: WorldLoadBalancer,
  account: AccountWorld,
): { instance: WorldInstance; eniIp?: string } {
  const { InstanceId: id, EniIp: ip } = target;
  if ((id === undefined) === (ip === undefined)) {
    throw invalidValue('A target needs either `InstanceId` or `EniIp`.');
  }
  const { region } = loadBalancer.targetRegion ?? loadBalancer;
  if (ip !== undefined) {
    const named = addressOwner(account, region, ip);
    if (named !== undefined) return named;
  } else {
    const instance = entry(account.instances, id ?? '');
    if (instance?.region === region) return { instance };
  }
  throw invalidValue(
    `The ${id === undefined ? 'address' : 'instance'} ${id ?? ip} does not exist in ${region}.`,
  );
}

/**
 * Refuses targets outside the load balancer's VPC, if it has one and does not bind across VPCs
 * (https://www.tencentcloud.com/document/product/214/6156).
 * @throws ApiError InvalidParameterValue
 */
export function refuseOtherVpc(
  { instanceId }: TargetAddress,
  { loadBalancer }: TargetPlace,
  { account }: ActionContext,
): void {
  const { vpcId } = loadBalancer.targetRegion ?? loadBalancer;
  const own = account.instances[instanceId]?.vpcId;
  if (isInClassicNetwork({ vpcId }) || loadBalancer.snatPro || own === vpcId) return;
  throw invalidValue(
    `The instance ${instanceId} is in the VPC ${own}, the targets of ${loadBalancer.id} are in ${vpcId}.`,
  );
}

/** Returns the address and port that a target names. @throws ApiError */
export function toTargetKey(
  target: ServerAddress & { Port: number },
  { loadBalancer }: TargetPlace,
  { account }: ActionContext,
): TargetAddress {
  const { instance, eniIp } = findServer(target, loadBalancer, account);
  return { instanceId: instance.id, ...(eniIp !== undefined && { eniIp }), port: target.Port };
}

/** Refuses duplicate targets. @throws ApiError InvalidParameterValue.Duplicate when one target is named twice */
export function refuseTwice(field: string, targets: readonly TargetAddress[]): void {
  const twice = targets.find(
    (target, index) => targets.findIndex((other) => sameTarget(target, other)) < index,
  );
  if (!twice) return;
  throw new ApiError(
    'InvalidParameterValue.Duplicate',
    `The parameter \`${field}\` names the target ${formatTargetAddress(twice)} twice.`,
  );
}

/**
 * Refuses targets that are not registered. @throws ApiError InvalidParameterValue when one of the targets is not
 * registered
 */
export function refuseAbsent(targets: readonly TargetAddress[], present: readonly WorldTarget[]): void {
  const absent = targets.find((target) => !present.some((have) => sameTarget(have, target)));
  if (absent) throw invalidValue(`The target ${formatTargetAddress(absent)} is not registered.`);
}
