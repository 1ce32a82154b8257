import { z } from 'zod';
import type { WriteCall } from '@/lib/estate/call';
import type { Rule } from '@/lib/estate/model';
import { isSameTarget } from '@/lib/estate/target';
import { unreachable } from '@/lib/invariant';
import type { Refuse } from './refusal';
import type { NewId, Stock } from './stock';
import { createStockRule, toTarget } from './stock-parts';

const OnListener = z.object({ LoadBalancerId: z.string(), ListenerId: z.string() });
const OnRule = OnListener.extend({ LocationId: z.string() });
const CreateRule = OnListener.extend({
  Rules: z.tuple([z.object({ Domain: z.string(), Url: z.string() })]),
});
const DeleteRule = OnListener.extend({ LocationIds: z.tuple([z.string()]) });
const Target = z
  .object({
    InstanceId: z.string().optional(),
    EniIp: z.string().optional(),
    Port: z.number(),
    Weight: z.number(),
  })
  .transform(({ InstanceId: id, EniIp: eniIp = '', Port: port, Weight: weight }) =>
    toTarget(id === undefined ? { eniIp, port, weight } : { instanceId: id, port, weight }),
  );
const Targets = OnRule.extend({ Targets: z.array(Target) });
const FunctionTarget = z
  .object({
    Function: z.object({
      FunctionNamespace: z.string(),
      FunctionName: z.string(),
      FunctionQualifier: z.string(),
      FunctionQualifierType: z.enum(['VERSION', 'ALIAS']),
    }),
    Weight: z.number(),
  })
  .transform(({ Function: fn, Weight: weight }) => ({
    namespace: fn.FunctionNamespace,
    name: fn.FunctionName,
    qualifier: fn.FunctionQualifier,
    qualifierType: fn.FunctionQualifierType,
    weight,
  }));
const FunctionTargets = OnRule.extend({ FunctionTargets: z.tuple([FunctionTarget]) });

export type RuleAction =
  | 'CreateRule'
  | 'DeleteRule'
  | 'RegisterFunctionTargets'
  | 'DeregisterFunctionTargets'
  | 'ModifyFunctionTargets'
  | 'RegisterTargets'
  | 'DeregisterTargets'
  | 'ModifyTargetWeight';

const sameFunction = (a: Rule['functions'][number], b: Rule['functions'][number]) =>
  a.namespace === b.namespace && a.name === b.name && a.qualifier === b.qualifier;

/**
 * Returns the stock after a write of CLB has taken effect, as in the sandbox's services.
 * @throws Refusal when the cloud would refuse the call
 */
export function ruleEffect(stock: Stock, call: WriteCall, newId: NewId, refuse: Refuse): Stock {
  const { params } = call;
  const action = call.action as RuleAction;
  const changeRule = (locationId: string, change: (rule: Rule) => Rule | null): Stock => {
    const rule = stock.rules.find(({ id }) => id === locationId);
    if (rule === undefined) throw refuse('InvalidParameter.LocationNotFound', `no rule ${locationId}`);
    const changed = change(rule);
    const others = stock.rules.filter((other) => other !== rule);
    return { ...stock, rules: changed === null ? others : [...others, changed] };
  };
  switch (action) {
    case 'CreateRule': {
      const { LoadBalancerId, ListenerId, Rules } = CreateRule.parse(params);
      const [{ Domain: domain, Url: url }] = Rules;
      if (!stock.listeners.some(({ id }) => id === ListenerId))
        throw refuse('InvalidParameter.ListenerIdNotFound', `no listener ${ListenerId}`);
      const there = stock.rules.some(
        (rule) => rule.listenerId === ListenerId && rule.domain === domain && rule.url === url,
      );
      if (there) throw refuse('InvalidParameterValue.Duplicate', `${domain}${url} is there already`);
      const place = { loadBalancerId: LoadBalancerId, listenerId: ListenerId, domain, url };
      return { ...stock, rules: [...stock.rules, createStockRule(place as never, newId())] };
    }
    case 'DeleteRule':
      return changeRule(DeleteRule.parse(params).LocationIds[0], () => null);
    case 'RegisterTargets': {
      const { LocationId, Targets: targets } = Targets.parse(params);
      return changeRule(LocationId, (rule) => {
        if (rule.functions.length > 0)
          throw refuse('InvalidParameterValue', 'the rule is bound to a function');
        const added = targets.filter((target) => !rule.targets.some((have) => isSameTarget(have, target)));
        return { ...rule, targets: [...rule.targets, ...added] };
      });
    }
    case 'DeregisterTargets': {
      const { LocationId, Targets: targets } = Targets.parse(params);
      return changeRule(LocationId, (rule) => ({
        ...rule,
        targets: rule.targets.filter((have) => !targets.some((target) => isSameTarget(have, target))),
      }));
    }
    case 'ModifyTargetWeight': {
      const { LocationId, Targets: targets } = Targets.parse(params);
      return changeRule(LocationId, (rule) => {
        const absent = targets.some((target) => !rule.targets.some((have) => isSameTarget(have, target)));
        if (absent) throw refuse('InvalidParameterValue', 'the target is not bound');
        const weighed = (have: Rule['targets'][number]) =>
          targets.find((target) => isSameTarget(have, target))?.weight ?? have.weight;
        return { ...rule, targets: rule.targets.map((have) => ({ ...have, weight: weighed(have) })) };
      });
    }
    case 'RegisterFunctionTargets': {
      const { LocationId, FunctionTargets: functions } = FunctionTargets.parse(params);
      return changeRule(LocationId, (rule) => {
        // One function per rule, and none beside servers.
        const taken = rule.functions.length > 0 || rule.targets.length > 0;
        if (taken) throw refuse('InvalidParameterValue', 'something is bound to the rule already');
        return { ...rule, functions };
      });
    }
    case 'DeregisterFunctionTargets': {
      const { LocationId, FunctionTargets: functions } = FunctionTargets.parse(params);
      return changeRule(LocationId, (rule) => {
        const absent = functions.some((fn) => !rule.functions.some((have) => sameFunction(have, fn)));
        if (absent) throw refuse('ResourceNotFound.Function', 'the function is not bound');
        const stays = (have: Rule['functions'][number]) => !functions.some((fn) => sameFunction(have, fn));
        return { ...rule, functions: rule.functions.filter(stays) };
      });
    }
    case 'ModifyFunctionTargets': {
      const { LocationId, FunctionTargets: functions } = FunctionTargets.parse(params);
      return changeRule(LocationId, (rule) => {
        if (rule.functions.length === 0) throw refuse('ResourceNotFound', 'no function is bound');
        return { ...rule, functions };
      });
    }
    default:
      return unreachable(action);
  }
}
