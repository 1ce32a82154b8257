import type {
  BindDetailItem,
  ConfigListItem,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { invalidValue } from '@/lib/sandbox/model/api-error';
import { entry } from '@/lib/sandbox/model/entry';
import type { ValueRules } from '@/lib/sandbox/model/value-rules';
import { type ActionContext, action, type WithNull } from '@/lib/sandbox/services/action';
import { page } from '@/lib/sandbox/services/paging';
import { listRuleDomains, type WorldCustomConfig } from '@/lib/sandbox/world/clb';
import { cloudTime } from '@/lib/sandbox/world/clock';
import type { AccountWorld } from '@/lib/sandbox/world/world';

const description =
  'https://github.com/TencentCloud/tencentcloud-sdk-nodejs/tree/master/tencentcloud/services/clb/v20180317';

/** The value rules of the actions on custom configurations. */
export const customConfigValues: ValueRules = {
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

/** Returns the account's configuration in the region. @throws ApiError InvalidParameterValue */
function findConfig(context: ActionContext, id: string): WorldCustomConfig {
  const found = entry(context.account.customConfigs, id);
  if (found?.region === context.region) return found;
  throw invalidValue(`The configuration ${id} does not exist in ${context.region}.`);
}

/** Rows of one page, of both lists; the default is documented, the maximum is assumed. */
const limits = { fallback: 20, max: 100 };

function listConfigs({ account, region }: ActionContext): WorldCustomConfig[] {
  return Object.values(account.customConfigs).filter((each) => each.region === region);
}

function configAnswer(config: WorldCustomConfig): ConfigListItem {
  return {
    UconfigId: config.id,
    ConfigType: config.kind,
    ConfigName: config.name,
    ConfigContent: config.content,
    CreateTimestamp: cloudTime(config.createdAt),
    UpdateTimestamp: cloudTime(config.modifiedAt),
  };
}

/** DescribeCustomizedConfigList of the SDK. The name matches anywhere in a configuration's name. */
export const describeCustomizedConfigList = action<'clb.DescribeCustomizedConfigList'>((request, context) => {
  const { UconfigIds: ids = [], ConfigName: name = '', Filters: filters = [] } = request;
  const filterValues = (filter: string) => filters.find((each) => each.Name === filter)?.Values;
  const [balancers, vips] = [filterValues('loadbalancer-id'), filterValues('vip')];
  const listVips = (id: string) => {
    const { vips: own = [], ipv6 = null } = context.account.loadBalancers[id] ?? {};
    return [...own, ...(ipv6 === null ? [] : [ipv6])];
  };
  const isBound = (config: WorldCustomConfig, matches: (loadBalancerId: string) => boolean) =>
    config.bindings.some((bound) => matches(bound.loadBalancerId));
  const found = listConfigs(context)
    .filter((config) => config.kind === request.ConfigType && config.name.includes(name))
    .filter((config) => ids.length === 0 || ids.includes(config.id))
    .filter((config) => !balancers || isBound(config, (id) => balancers.includes(id)))
    .filter((config) => !vips || isBound(config, (id) => listVips(id).some((vip) => vips.includes(vip))));
  return { TotalCount: found.length, ConfigList: page(found, request, limits).map(configAnswer) };
});

type BindAnswer = WithNull<BindDetailItem, 'Url'>;
type Binding = WorldCustomConfig['bindings'][number];

/** Builds the response for a binding. Fields that it does not have are empty, the URL null. */
function bindAnswer({ id }: WorldCustomConfig, bound: Binding, { loadBalancers }: AccountWorld): BindAnswer {
  const listener = loadBalancers[bound.loadBalancerId]?.listeners.find(
    (each) => each.id === bound.listenerId,
  );
  return {
    UconfigId: id,
    LoadBalancerId: bound.loadBalancerId,
    ListenerId: bound.listenerId ?? '',
    Domain: bound.domain ?? '',
    LocationId: bound.ruleId ?? '',
    ListenerName: listener?.name ?? '',
    Protocol: listener?.protocol ?? '',
    Vport: listener?.port ?? 0,
    Url: listener?.rules.find((rule) => rule.id === bound.ruleId)?.url ?? null,
  };
}

/** Returns whether a binding concerns a domain: its own, or for a load balancer one that it has rules for. */
function concerns(bound: Binding, domain: string, { loadBalancers }: AccountWorld): boolean {
  if (bound.domain !== null) return bound.domain === domain;
  const listeners = loadBalancers[bound.loadBalancerId]?.listeners ?? [];
  return listeners.some((listener) => listener.rules.some((rule) => listRuleDomains(rule).includes(domain)));
}

/** DescribeCustomizedConfigAssociateList of the SDK: of one configuration, or of all. */
export const describeCustomizedConfigAssociateList = action<
  'clb.DescribeCustomizedConfigAssociateList',
  { BindList: BindAnswer[] }
>((request, context) => {
  const { UconfigId: id, Domain: domain } = request;
  const configs = id === undefined ? listConfigs(context) : [findConfig(context, id)];
  const found = configs.flatMap((config) =>
    config.bindings
      .filter((bound) => domain === undefined || concerns(bound, domain, context.account))
      .map((bound) => bindAnswer(config, bound, context.account)),
  );
  return { TotalCount: found.length, BindList: page(found, request, limits) };
});
