import { entry } from '@/lib/sandbox/model/entry';
import { clbTriggers } from '@/lib/sandbox/services/scf/clb-triggers';
import { versionStatus } from '@/lib/sandbox/services/scf/find/find-objects';
import { sameFunction } from '@/lib/sandbox/tasks/effects/target-effects';
import type { AssumptionName } from '@/lib/sandbox/world/assumptions';
import type {
  WorldFunctionTarget,
  WorldListener,
  WorldLoadBalancer,
  WorldRule,
} from '@/lib/sandbox/world/clb';
import type { WorldFunction } from '@/lib/sandbox/world/scf';
import type { AccountWorld } from '@/lib/sandbox/world/world';
import { isInClassicNetwork } from './target-input';

/**
 * The restriction that prevents a function from being bound to a rule: its row of the assumptions and a message. The
 * restrictions are documented (https://www.tencentcloud.com/document/api/214/54047); their error codes are not, nor
 * whether they fail the call or its task.
 */
export type BrokenRestriction = {
  readonly code: Exclude<Extract<AssumptionName, `binding.${string}`>, 'binding.failsIn'>;
  readonly message: string;
};

/** The maximum of triggers of one type per function: https://www.tencentcloud.com/document/product/583/11637. */
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

/** Checks R1–R4 and R6: account, region and load balancer. */
export function instanceRestriction(
  account: AccountWorld,
  loadBalancer: WorldLoadBalancer,
): BrokenRestriction | null {
  const { id, region, forward, ipVersion, ipv6Mode } = loadBalancer;
  if (!bindingRegions.has(region)) {
    return { code: 'binding.R1', message: `The region ${region} does not support binding SCF functions.` };
  }
  if (account.networkAccountType !== 'STANDARD') {
    const message = 'Only bill-by-IP (standard) accounts support binding SCF functions.';
    return { code: 'binding.R2', message };
  }
  if (forward === 0) {
    const message = `Classic CLB instance ${id} does not support binding SCF functions.`;
    return { code: 'binding.R3', message };
  }
  if (isInClassicNetwork(loadBalancer)) {
    const message = `CLB instance ${id} in the classic network does not support binding SCF functions.`;
    return { code: 'binding.R4', message };
  }
  if (ipVersion === 'ipv6' && ipv6Mode !== 'IPv6Nat64') {
    const message = `IPv6 CLB instance ${id} does not support binding SCF functions; IPv4 and IPv6 NAT64 do.`;
    return { code: 'binding.R6', message };
  }
  return null;
}

/** Checks R7 and R8: the listener's protocol. */
export function listenerRestriction({ id, protocol }: WorldListener): BrokenRestriction | null {
  if (protocol === 'HTTP' || protocol === 'HTTPS') return null;
  const message = `This interface only support HTTP/HTTPS listener; ${id} is ${protocol}.`;
  return { code: protocol === 'QUIC' ? 'binding.R8' : 'binding.R7', message };
}

/** Checks R8 and R15–R17: the kind of rule, and its backends other than functions. */
export function ruleRestriction(rule: WorldRule): BrokenRestriction | null {
  if (rule.quic) {
    const message = `The domain ${rule.domain} has QUIC on and can't take a function.`;
    return { code: 'binding.R8', message };
  }
  if (rule.targetType !== 'NODE') {
    return { code: 'binding.R15', message: `The rule ${rule.id} forwards to target groups.` };
  }
  if (rule.redirectTo !== null) {
    return { code: 'binding.R16', message: `The rule ${rule.id} redirects to ${rule.redirectTo.ruleId}.` };
  }
  if (rule.targets.length > 0) {
    return { code: 'binding.R17', message: `The rule ${rule.id} has servers; deregister them first.` };
  }
  return null;
}

/** Checks R10 and R11, which are the same (path, listener and host are one rule): one rule takes one function, once. */
export function countRestriction(
  rule: WorldRule,
  present: readonly WorldFunctionTarget[],
  wanted: readonly WorldFunctionTarget[],
): BrokenRestriction | null {
  const [first, ...others] = wanted;
  if (first && others.length === 0 && present.some((have) => sameFunction(have, first))) {
    const message = `The function is bound to the rule ${rule.id} already.`;
    return { code: 'binding.duplicate', message };
  }
  const count = present.length + wanted.length;
  const message = `One rule takes one function; ${rule.id} would have ${count}.`;
  return count > 1 ? { code: 'binding.R10', message } : null;
}

/**
 * Checks R5, R9 and R12–R14: the function, found only in the load balancer's region.
 * @param leaving the functions that the rule is bound to now and no longer will be: their triggers are removed as the
 * new one is added
 */
export function functionRestriction(
  account: AccountWorld,
  region: string,
  target: WorldFunctionTarget,
  leaving: readonly WorldFunctionTarget[],
): BrokenRestriction | null {
  const name = `${target.namespace}/${target.name}`;
  const fn = entry(account.functions, `${region}/${name}`);
  if (!fn) return { code: 'binding.R5', message: `The function ${name} does not exist in ${region}.` };
  if (fn.type !== 'Event') {
    const message = `The function ${name} is of type ${fn.type}; only Event functions can be bound.`;
    return { code: 'binding.R9', message };
  }
  if (!hasQualifier(fn, target)) {
    const what = target.qualifierType === 'ALIAS' ? 'alias' : 'version';
    const message = `The function ${name} has no ${what} ${target.qualifier}.`;
    return { code: 'binding.R13', message };
  }
  const version = fn.versions.find((each) => each.version === target.qualifier);
  const status = version === undefined ? fn.status : versionStatus(version);
  if (status !== 'Active') {
    const what = version === undefined ? name : `${name}:${version.version}`;
    return { code: 'binding.R14', message: `The function ${what} is ${status}; binding needs it Active.` };
  }
  const freed = leaving.filter((have) => isSameFunction(fn, have)).length;
  const triggers = clbTriggers(account, fn).length + triggersUnderWay(account, fn) - freed;
  const message = `The function ${name} has ${triggers} CLB triggers; a function takes at most ${triggersMax}.`;
  return triggers >= triggersMax ? { code: 'binding.R12', message } : null;
}

function hasQualifier(fn: WorldFunction, { qualifier, qualifierType }: WorldFunctionTarget): boolean {
  if (qualifierType === 'ALIAS') return fn.aliases.some((alias) => alias.name === qualifier);
  return qualifier === '$LATEST' || fn.versions.some((version) => version.version === qualifier);
}

function isSameFunction(fn: WorldFunction, target: WorldFunctionTarget): boolean {
  return target.namespace === fn.namespace && target.name === fn.name;
}

/**
 * Counts the bindings that running tasks will create: load balancers work in parallel, and together must not exceed the
 * limit.
 */
function triggersUnderWay(account: AccountWorld, fn: WorldFunction): number {
  return Object.values(account.tasks)
    .filter((task) => task.outcome === 'running')
    .flatMap(({ effect }) => (effect.kind === 'registerFunctions' ? [effect] : []))
    .filter((effect) => account.loadBalancers[effect.loadBalancerId]?.region === fn.region)
    .flatMap((effect) => effect.functions)
    .filter((target) => isSameFunction(fn, target)).length;
}
