import { ApiError } from '../../api/api-error';
import { sameFunction } from '../../tasks/effects/target-effects';
import type { WorldFunctionTarget, WorldListener, WorldLoadBalancer, WorldRule } from '../../world/clb';
import type { WorldFunction } from '../../world/scf';
import type { AccountWorld } from '../../world/world';
import { clbTriggers } from '../scf/clb-triggers';

/**
 * What stops a function from being bound to a rule. The restrictions are documented
 * (https://www.tencentcloud.com/document/api/214/54047), the code that each one gives is NOT: the codes are an
 * assumption, chosen among those that the action lists, and kept in this one table. Which of call and task a check
 * fails in is unknown too; here it is the call.
 */
export const bindingCodes = {
  /** Region without function binding. */
  R1: 'FailedOperation',
  /** Account billed by CVM. */
  R2: 'FailedOperation',
  /** Classic instance. */
  R3: 'InvalidParameterValue',
  /** Classic network. */
  R4: 'InvalidParameterValue',
  /** Function of another region: it is simply not found. */
  R5: 'ResourceNotFound',
  /** IPv6 that is not NAT64. */
  R6: 'InvalidParameterValue',
  /** Listener that is neither HTTP nor HTTPS. */
  R7: 'InvalidParameter.ProtocolCheckFailed',
  /** Layer-7 QUIC. */
  R8: 'InvalidParameter.ProtocolCheckFailed',
  /** Function that is not of the type Event. */
  R9: 'InvalidParameterValue',
  /** A second function on one rule; R11 (path, listener and host are one rule) is the same. */
  R10: 'LimitExceeded',
  /** An 11th CLB trigger of one function. */
  R12: 'LimitExceeded',
  /** Qualifier that doesn't exist. */
  R13: 'ResourceNotFound',
  /** Function that is not Active. */
  R14: 'FailedOperation',
  /** Rule that forwards to target groups. */
  R15: 'InvalidParameterValue',
  /** Rule whose requests are redirected: a function on it would never be asked. */
  R16: 'InvalidParameterValue',
  /** Servers on the rule. */
  R17: 'InvalidParameterValue',
  /** The same function again. */
  duplicate: 'InvalidParameterValue.Duplicate',
} as const;

/** Triggers of one type for each function: https://www.tencentcloud.com/document/product/583/11637. */
const triggersMax = 10;

/** Regions with function binding: https://www.tencentcloud.com/document/api/214/54047 (2026-01-13). */
const bindingRegions: ReadonlySet<string> = new Set([
  'ap-guangzhou',
  'ap-shenzhen-fsi',
  'ap-shanghai',
  'ap-shanghai-fsi',
  'ap-beijing',
  'ap-chengdu',
  'ap-hongkong',
  'ap-singapore',
  'ap-tokyo',
  'na-siliconvalley',
]);

function refuseIf(broken: boolean, restriction: keyof typeof bindingCodes, message: string): void {
  if (broken) throw new ApiError(bindingCodes[restriction], message);
}

/** R1–R4 and R6: account, region and load balancer. @throws ApiError */
export function checkInstance(account: AccountWorld, loadBalancer: WorldLoadBalancer): void {
  const { id, region, forward, vpcId, ipVersion, ipv6Mode } = loadBalancer;
  refuseIf(!bindingRegions.has(region), 'R1', `The region ${region} does not support binding SCF functions.`);
  refuseIf(
    account.networkAccountType !== 'STANDARD',
    'R2',
    'Only bill-by-IP (standard) accounts support binding SCF functions.',
  );
  refuseIf(forward === 0, 'R3', `Classic CLB instance ${id} does not support binding SCF functions.`);
  refuseIf(
    vpcId === '' || vpcId === '0',
    'R4',
    `CLB instance ${id} in the classic network does not support binding SCF functions.`,
  );
  refuseIf(
    ipVersion === 'ipv6' && ipv6Mode !== 'IPv6Nat64',
    'R6',
    `IPv6 CLB instance ${id} does not support binding SCF functions; IPv4 and IPv6 NAT64 do.`,
  );
}

/** R7: the listener's protocol. @throws ApiError */
export function checkListener(listener: WorldListener): void {
  const { id, protocol } = listener;
  refuseIf(
    protocol !== 'HTTP' && protocol !== 'HTTPS',
    protocol === 'QUIC' ? 'R8' : 'R7',
    `This interface only support HTTP/HTTPS listener; ${id} is ${protocol}.`,
  );
}

/** R8, R10, R11 and R15–R17: the rule and what it forwards to. @throws ApiError */
export function checkRule(rule: WorldRule, wanted: readonly WorldFunctionTarget[]): void {
  refuseIf(rule.quic, 'R8', `The domain ${rule.domain} has QUIC on and can't take a function.`);
  refuseIf(rule.targetType !== 'NODE', 'R15', `The rule ${rule.id} forwards to target groups.`);
  refuseIf(rule.redirectTo !== null, 'R16', `The rule ${rule.id} redirects to ${rule.redirectTo?.ruleId}.`);
  refuseIf(rule.targets.length > 0, 'R17', `The rule ${rule.id} has servers; deregister them first.`);
  const again = wanted.some((target) => rule.functions.some((have) => sameFunction(have, target)));
  refuseIf(again, 'duplicate', `The function is bound to the rule ${rule.id} already.`);
  refuseIf(
    rule.functions.length + wanted.length > 1,
    'R10',
    `One rule takes one function; ${rule.id} would have ${rule.functions.length + wanted.length}.`,
  );
}

/** R5, R9 and R12–R14: the function, found in the load balancer's region only. @throws ApiError */
export function checkFunction(account: AccountWorld, region: string, target: WorldFunctionTarget): void {
  const name = `${target.namespace}/${target.name}`;
  const fn = account.functions[`${region}/${name}`];
  if (!fn) throw new ApiError(bindingCodes.R5, `The function ${name} does not exist in ${region}.`);
  refuseIf(
    fn.type !== 'Event',
    'R9',
    `The function ${name} is of type ${fn.type}; only Event functions can be bound.`,
  );
  const qualifiers = ['$LATEST', '$DEFAULT', ...fn.versions.map((version) => version.version)];
  refuseIf(
    !qualifiers.includes(target.qualifier),
    'R13',
    `The function ${name} has no version or alias ${target.qualifier}.`,
  );
  refuseIf(fn.status !== 'Active', 'R14', `The function ${name} is ${fn.status}; binding needs it Active.`);
  const triggers = clbTriggers(account, fn).length + triggersUnderWay(account, fn);
  refuseIf(
    triggers >= triggersMax,
    'R12',
    `The function ${name} has ${triggers} CLB triggers; a function takes at most ${triggersMax}.`,
  );
}

/** Bindings that running tasks will make: load balancers work side by side, and together must not pass the limit. */
function triggersUnderWay(account: AccountWorld, fn: WorldFunction): number {
  return Object.values(account.tasks)
    .filter((task) => task.outcome === 'running')
    .flatMap(({ effect }) => (effect.kind === 'registerFunctions' ? [effect] : []))
    .filter((effect) => account.loadBalancers[effect.loadBalancerId]?.region === fn.region)
    .flatMap((effect) => effect.functions)
    .filter((target) => target.namespace === fn.namespace && target.name === fn.name).length;
}
