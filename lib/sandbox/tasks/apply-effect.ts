import { invariant } from '@/lib/invariant';
import type {
  WorldEffect,
  WorldFunctionTarget,
  WorldListener,
  WorldLoadBalancer,
  WorldTarget,
} from '../world';

/** Whether two targets are the same server port. */
export function sameTarget(
  a: Pick<WorldTarget, 'instanceId' | 'port'>,
  b: Pick<WorldTarget, 'instanceId' | 'port'>,
): boolean {
  return a.instanceId === b.instanceId && a.port === b.port;
}

/** Whether two function targets are the same function at the same version or alias. */
export function sameFunction(a: WorldFunctionTarget, b: WorldFunctionTarget): boolean {
  return a.namespace === b.namespace && a.name === b.name && a.qualifier === b.qualifier;
}

/**
 * Marks exactly one domain as the listener's default: the wanted one, else the present one, else that of the
 * earliest-created rule (https://www.tencentcloud.com/document/product/214/9032).
 */
function settleDefaultDomain(listener: WorldListener, wanted: string | null): void {
  const domains = new Set(listener.rules.map((rule) => rule.domain));
  const present = listener.rules.find((rule) => rule.isDefault)?.domain;
  const [earliest] = [...listener.rules].sort((a, b) => a.createdAt - b.createdAt);
  const chosen = [wanted, present, earliest?.domain].find((domain) => domain != null && domains.has(domain));
  for (const rule of listener.rules) rule.isDefault = rule.domain === chosen;
}

/**
 * Applies a task's effect to its load balancer. The call was checked when it came in, and a busy load balancer takes
 * no other write, so the objects that the effect names are still there.
 */
export function applyEffect(loadBalancer: WorldLoadBalancer, effect: WorldEffect): void {
  const listener = loadBalancer.listeners.find((candidate) => candidate.id === effect.listenerId);
  invariant(listener, `${loadBalancer.id} lost its listener ${effect.listenerId} during a task`);
  if (effect.kind === 'createRules') {
    const wanted = effect.rules.find((rule) => rule.isDefault)?.domain ?? null;
    listener.rules.push(...effect.rules.map((rule) => ({ ...rule, isDefault: false })));
    settleDefaultDomain(listener, wanted);
    return;
  }
  if (effect.kind === 'deleteRules') {
    listener.rules = listener.rules.filter((rule) => !effect.ruleIds.includes(rule.id));
    for (const rule of loadBalancer.listeners.flatMap((each) => each.rules)) {
      if (rule.redirectTo && effect.ruleIds.includes(rule.redirectTo.ruleId)) rule.redirectTo = null;
    }
    settleDefaultDomain(listener, effect.newDefaultDomain);
    return;
  }
  const rule = listener.rules.find((candidate) => candidate.id === effect.ruleId);
  const holder = effect.ruleId === null ? listener : rule;
  invariant(holder, `${listener.id} lost its rule ${effect.ruleId} during a task`);
  switch (effect.kind) {
    case 'registerTargets':
      holder.targets.push(...effect.targets);
      return;
    case 'deregisterTargets':
      holder.targets = holder.targets.filter(
        (have) => !effect.targets.some((gone) => sameTarget(have, gone)),
      );
      return;
    case 'registerFunctions':
      invariant(rule, 'functions are bound to rules only');
      rule.functions.push(...effect.functions);
      return;
    case 'deregisterFunctions':
      invariant(rule, 'functions are bound to rules only');
      rule.functions = rule.functions.filter(
        (have) => !effect.functions.some((gone) => sameFunction(have, gone)),
      );
  }
}
