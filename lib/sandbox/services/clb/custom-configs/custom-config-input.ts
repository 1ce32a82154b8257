import { ApiError, invalidValue, missingParameter } from '@/lib/sandbox/model/api-error';
import { parseCustomConfig } from '@/lib/sandbox/model/clb/custom-config';
import { entry } from '@/lib/sandbox/model/entry';
import type { ValueRules } from '@/lib/sandbox/model/value-rules';
import type { ActionContext } from '@/lib/sandbox/services/action';
import type { WorldCustomConfig } from '@/lib/sandbox/world/clb';

const guide = 'https://www.tencentcloud.com/document/product/214/32427';
const description =
  'https://github.com/TencentCloud/tencentcloud-sdk-nodejs/tree/master/tencentcloud/services/clb/v20180317';

/** The value rules of the actions on custom configurations. */
export const customConfigValues: ValueRules = {
  SetCustomizedConfigForLoadBalancer: [
    {
      field: 'OperationType',
      oneOf: ['ADD', 'DELETE', 'UPDATE', 'BIND', 'UNBIND'],
      source: 'https://www.tencentcloud.com/document/api/214/51215',
    },
    // 64 KB, as the pages up to 2024 state; the current page does not mention it.
    { field: 'ConfigContent', length: [1, 65_536], source: guide },
    { field: 'ConfigName', length: [1, 80], source: description },
  ],
  AssociateCustomizedConfig: [{ field: 'BindList', items: [1, 100], source: description }],
  DisassociateCustomizedConfig: [{ field: 'BindList', items: [1, 100], source: description }],
  DescribeCustomizedConfigList: [
    { field: 'ConfigType', oneOf: ['CLB', 'SERVER', 'LOCATION'], source: description },
    {
      field: 'Filters',
      filters: ['loadbalancer-id', 'vip'],
      most: 10,
      mostValues: 100,
      source: description,
    },
  ],
};

/**
 * Returns the account's configuration in the region.
 * @throws ApiError MissingParameter, InvalidParameterValue
 */
export function findConfig(context: ActionContext, id: string | undefined): WorldCustomConfig {
  if (id === undefined) {
    throw missingParameter('The request is missing a required parameter `UconfigId`.');
  }
  const found = entry(context.account.customConfigs, id);
  if (found?.region === context.region) return found;
  throw invalidValue(`The configuration ${id} does not exist in ${context.region}.`);
}

/**
 * Checks the text of a configuration.
 * @throws ApiError InvalidParameter.FormatError, naming the line
 */
export function checkContent(content: string): void {
  const parsed = parseCustomConfig(content);
  if (parsed.ok) return;
  const { line, reason } = parsed.error;
  throw new ApiError(
    'InvalidParameter.FormatError',
    `The parameter \`ConfigContent\`, line ${line}: ${reason}.`,
  );
}

type Binding = WorldCustomConfig['bindings'][number];

/** Returns whether two bindings are the same place. */
export function samePlace(a: Binding, b: Binding): boolean {
  return (
    a.loadBalancerId === b.loadBalancerId &&
    a.listenerId === b.listenerId &&
    a.domain === b.domain &&
    a.ruleId === b.ruleId
  );
}

/** Formats a place: `lb-…`, `lb-…/lbl-…/domain`, `lb-…/lbl-…/domain/loc-…` */
function placeText({ loadBalancerId, listenerId, domain, ruleId }: Binding): string {
  return [loadBalancerId, listenerId, domain, ruleId].filter((part) => part !== null).join('/');
}

/**
 * Refuses places that already have a configuration of the kind:
 * https://www.tencentcloud.com/document/product/214/32427.
 * @throws ApiError LimitExceeded
 */
export function refuseTaken(
  places: readonly Binding[],
  config: WorldCustomConfig,
  context: ActionContext,
): void {
  const others = Object.values(context.account.customConfigs).filter((each) => each.kind === config.kind);
  for (const place of places) {
    const holder = others.find((each) => each.bindings.some((bound) => samePlace(bound, place)));
    if (holder) {
      throw new ApiError(
        'LimitExceeded',
        `${placeText(place)} is bound to the configuration ${holder.id}; it takes one.`,
      );
    }
  }
}

/**
 * Refuses places without the binding.
 * @throws ApiError InvalidParameterValue if the configuration is not bound to one of the places
 */
export function refuseUnbound(places: readonly Binding[], config: WorldCustomConfig): void {
  const unbound = places.find((place) => !config.bindings.some((bound) => samePlace(bound, place)));
  if (!unbound) return;
  throw invalidValue(`${placeText(unbound)} is not bound to the configuration ${config.id}.`);
}
