import type {
  AssociateCustomizedConfigRequest,
  BindItem,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { invalidValue, missingParameter } from '@/lib/sandbox/model/api-error';
import { type ActionContext, action } from '@/lib/sandbox/services/action';
import { requireRule } from '@/lib/sandbox/services/clb/find/find-objects';
import { findLayer7 } from '@/lib/sandbox/services/clb/listeners/rules';
import { hasDomain, type WorldCustomConfig } from '@/lib/sandbox/world/clb';
import { findConfig, refuseTaken, refuseUnbound, samePlace } from './custom-config-input';

type Place = WorldCustomConfig['bindings'][number];

/**
 * Returns the domain of a listener that an item names, or for a LOCATION configuration the rule.
 * @throws ApiError
 */
function resolvePlace(item: BindItem, { id, kind }: WorldCustomConfig, context: ActionContext): Place {
  const { loadBalancer, listener } = findLayer7(context, item);
  const { Domain: domain, LocationId: locationId } = item;
  if (!listener.rules.some((rule) => hasDomain(rule, domain))) {
    throw invalidValue(`The domain ${domain} has no rule in ${listener.id}.`);
  }
  const place = { loadBalancerId: loadBalancer.id, listenerId: listener.id, domain };
  if (kind === 'SERVER') {
    if (locationId === undefined) return { ...place, ruleId: null };
    throw invalidValue(`The configuration ${id} is of the kind SERVER and takes no \`LocationId\`.`);
  }
  if (locationId === undefined) {
    throw missingParameter(`The configuration ${id} is of the kind LOCATION and needs \`LocationId\`.`);
  }
  const rule = requireRule(listener, { LocationId: locationId });
  if (!hasDomain(rule, domain)) {
    throw invalidValue(`The rule ${rule.id} is not of the domain ${domain}.`);
  }
  return { ...place, ruleId: rule.id };
}

/** Returns the configuration and places of a request. @throws ApiError */
function resolveBinding(
  request: AssociateCustomizedConfigRequest,
  context: ActionContext,
): { config: WorldCustomConfig; places: Place[] } {
  const config = findConfig(context, request.UconfigId);
  if (config.kind === 'CLB') {
    throw invalidValue(
      `The configuration ${config.id} is of the kind CLB: bind it by SetCustomizedConfigForLoadBalancer.`,
    );
  }
  const places = request.BindList.map((item) => resolvePlace(item, config, context));
  const twice = places.find((place, index) => places.findIndex((other) => samePlace(place, other)) < index);
  if (twice) throw invalidValue('The parameter `BindList` names a place twice.');
  return { config, places };
}

/**
 * Binds configurations to domains or rules: https://www.tencentcloud.com/document/api/214/74449. Takes effect at once,
 * like SetCustomizedConfigForLoadBalancer, which replaces it.
 */
export const associateCustomizedConfig = action<'clb.AssociateCustomizedConfig'>((request, context) => {
  const { config, places } = resolveBinding(request, context);
  refuseTaken(places, config, context);
  config.bindings.push(...places);
  context.startTask([], { kind: 'nothing' });
  context.applied(config.id);
  return {};
});

/** DisassociateCustomizedConfig of the SDK: unbinds configurations from domains or rules, at once. */
export const disassociateCustomizedConfig = action<'clb.DisassociateCustomizedConfig'>((request, context) => {
  const { config, places } = resolveBinding(request, context);
  refuseUnbound(places, config);
  config.bindings = config.bindings.filter((bound) => !places.some((place) => samePlace(bound, place)));
  context.startTask([], { kind: 'nothing' });
  context.applied(config.id);
  return {};
});
