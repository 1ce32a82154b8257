import type {
  DescribeLoadBalancersDetailRequest,
  Filter,
  LoadBalancerDetail,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { missingParameter } from '@/lib/sandbox/model/api-error';
import { clientVips } from '@/lib/sandbox/model/clb/nat64';
import { backendsOfRule } from '@/lib/sandbox/model/clb/rule-backends';
import { targetHealth } from '@/lib/sandbox/model/clb/target-health';
import { entry } from '@/lib/sandbox/model/entry';
import { type ActionContext, action } from '@/lib/sandbox/services/action';
import { page } from '@/lib/sandbox/services/paging';
import {
  listRuleDomains,
  type WorldHealthCheck,
  type WorldListener,
  type WorldLoadBalancer,
  type WorldRule,
  type WorldTarget,
} from '@/lib/sandbox/world/clb';
import { cloudTime } from '@/lib/sandbox/world/clock';
import type { WorldInstance } from '@/lib/sandbox/world/network';
import { targetAddress, targetIdentity } from '@/lib/sandbox/world/target-address';
import type { AccountWorld } from '@/lib/sandbox/world/world';
import { attributeFlags, configIds, networkAnswer, prepaidAnswer, tagsAnswer } from './load-balancer-answer';

/** Every field except the ids, names and domains may be null. */
type DetailAnswer = { [Field in keyof LoadBalancerDetail]?: unknown };
type Answer = { LoadBalancerDetailSet: DetailAnswer[] };

/** One line: a load balancer, with its listener, rule and target as requested. */
type Line = {
  readonly loadBalancer: WorldLoadBalancer;
  readonly listener: WorldListener | null;
  readonly rule: WorldRule | null;
  readonly target: {
    readonly bound: WorldTarget;
    readonly instance: WorldInstance | undefined;
    readonly check: WorldHealthCheck | null;
  } | null;
};

type Value = (line: Line, context: ActionContext) => unknown;
type Field = keyof LoadBalancerDetail;

function lineAddress({ bound, instance }: NonNullable<Line['target']>): string {
  return targetAddress(bound, instance);
}

/** Fields that are always present: https://cloud.tencent.com/document/api/214/46916. */
const always = {
  LoadBalancerId: ({ loadBalancer }) => loadBalancer.id,
  LoadBalancerName: ({ loadBalancer }) => loadBalancer.name,
  LoadBalancerDomain: ({ loadBalancer }) => loadBalancer.domain ?? '',
  Egress: () => '',
} as const satisfies { [Name in Field]?: Value };

/** Fields of the response when the request names none, as the official example shows. */
const usual = {
  Status: ({ loadBalancer }) => loadBalancer.status,
  Isolation: ({ loadBalancer }) => (loadBalancer.isolated ? 1 : 0),
  AddressIPVersion: ({ loadBalancer }) => (loadBalancer.ipVersion === 'ipv4' ? 'IPv4' : 'IPv6'),
  IPv6Mode: ({ loadBalancer }) => loadBalancer.ipv6Mode || null,
  Zone: ({ loadBalancer }) => loadBalancer.masterZone,
  SlaveZone: ({ loadBalancer }) => loadBalancer.backupZone && [loadBalancer.backupZone],
  LoadBalancerType: ({ loadBalancer }) => (loadBalancer.type === 'OPEN' ? 'Public' : 'Private'),
  VpcId: ({ loadBalancer }) => loadBalancer.vpcId,
  ChargeType: ({ loadBalancer }) => loadBalancer.chargeType,
  NetworkAttributes: ({ loadBalancer }) => networkAnswer(loadBalancer),
  PrepaidAttributes: ({ loadBalancer }) => prepaidAnswer(loadBalancer),
  ProjectId: ({ loadBalancer }) => loadBalancer.projectId,
  LoadBalancerPassToTarget: ({ loadBalancer }) => (loadBalancer.passToTarget ? 1 : 0),
  CreateTime: ({ loadBalancer }) => cloudTime(loadBalancer.createdAt),
} as const satisfies { [Name in Field]?: Value };

const onRequest = {
  Address: ({ loadBalancer }) => clientVips(loadBalancer)[0] ?? null,
  AddressIPv6: ({ loadBalancer }) => loadBalancer.ipv6,
  AddressIsp: ({ loadBalancer }) => loadBalancer.vipIsp,
  Zones: () => null,
  SecurityGroup: ({ loadBalancer }) => loadBalancer.securityGroups ?? [],
  Tags: ({ loadBalancer }) => tagsAnswer(loadBalancer),
  ExtraInfo: () => null,
  ConfigId: ({ loadBalancer }, { account }) => configIds(account, loadBalancer),
  AttributeFlags: ({ loadBalancer }) => attributeFlags(loadBalancer),
  SlaType: ({ loadBalancer }) => loadBalancer.slaType,
  Exclusive: () => 0,
  AvailableZoneAffinityInfo: () => null,
} as const satisfies { [Name in Field]?: Value };

/**
 * With these fields the response has a line for each listener, rule or target; such a request states which targets it
 * means.
 */
const ofListeners = {
  ListenerId: ({ listener }) => listener?.id ?? null,
  Protocol: ({ listener }) => listener?.protocol ?? null,
  Port: ({ listener }) => listener?.port ?? null,
  SniSwitch: ({ listener }) => (listener === null ? null : listener.sni ? 1 : 0),
} as const satisfies { [Name in Field]?: Value };

const ofRules = {
  LocationId: ({ rule }) => rule?.id ?? null,
  Domain: ({ rule }) => rule?.domain ?? null,
  Domains: ({ rule }) => rule && listRuleDomains(rule).join(','),
  Url: ({ rule }) => rule?.url ?? null,
} as const satisfies { [Name in Field]?: Value };

const ofTargets = {
  TargetId: ({ target }) => target && targetIdentity(target.bound, target.instance).InstanceId,
  TargetAddress: ({ target }) => target && lineAddress(target),
  TargetPort: ({ target }) => target?.bound.port ?? null,
  TargetWeight: ({ target }) => target?.bound.weight ?? null,
  TargetHealth: ({ target }, { now }) =>
    target && targetHealth(target.check, target.bound.registeredAt, target.instance, now),
} as const satisfies { [Name in Field]?: Value };

const values: Readonly<Record<Field, Value>> = {
  ...always,
  ...usual,
  ...onRequest,
  ...ofListeners,
  ...ofRules,
  ...ofTargets,
};

/** The fields that `Fields` accepts: https://cloud.tencent.com/document/api/214/30694#LoadBalancerDetail. */
export const detailFields = Object.keys(values);

type Test = (line: Line) => boolean;

function matchesOneOf(value: (loadBalancer: WorldLoadBalancer) => string | null) {
  return (wanted: readonly string[]): Test =>
    ({ loadBalancer }) => {
      const have = value(loadBalancer);
      return have !== null && wanted.includes(have);
    };
}

const filterTests: Readonly<Record<string, (wanted: readonly string[]) => Test>> = {
  'loadbalancer-id': matchesOneOf((lb) => lb.id),
  'project-id': matchesOneOf((lb) => String(lb.projectId)),
  network: matchesOneOf((lb) => (lb.type === 'OPEN' ? 'Public' : 'Private')),
  vip:
    (wanted) =>
    ({ loadBalancer: { vips, ipv6 } }) =>
      [...vips, ipv6].some((vip) => vip !== null && wanted.includes(vip)),
  vpcid: matchesOneOf((lb) => lb.vpcId),
  zone: matchesOneOf((lb) => lb.masterZone),
  'target-ip':
    (wanted) =>
    ({ target }) =>
      target !== null && wanted.includes(lineAddress(target)),
  'tag-key':
    (wanted) =>
    ({ loadBalancer: { tags } }) =>
      wanted.some((key) => Object.hasOwn(tags, key)),
  'fuzzy-search':
    (wanted) =>
    ({ loadBalancer: { vips, name } }) =>
      wanted.some((part) => [name, ...vips].some((text) => text.includes(part))),
};

/** https://cloud.tencent.com/document/api/214/46916. */
export const detailFilters: readonly (string | RegExp)[] = [...Object.keys(filterTests), /^tag:.+/];

function filterTest({ Name: name, Values: wanted }: Filter): Test {
  const key = name.startsWith('tag:') ? name.slice('tag:'.length) : null;
  if (key === null) return entry(filterTests, name)?.(wanted) ?? (() => true);
  return ({ loadBalancer: { tags } }) => Object.hasOwn(tags, key) && wanted.includes(tags[key] ?? '');
}

type Depth = { listeners: boolean; rules: boolean; targets: 'NODE' | 'GROUP' | null };

function targetsIn(
  holder: WorldListener | WorldRule,
  depth: Depth['targets'],
  account: AccountWorld,
): Line['target'][] {
  if (depth === null) return [null];
  const pools = backendsOfRule(account, holder).filter(
    ({ groupId }) => (groupId === null) === (depth === 'NODE'),
  );
  const found = pools.flatMap(({ targets, healthCheck: check }) =>
    targets.map((bound) => ({ bound, check, instance: account.instances[bound.instanceId] })),
  );
  return found.length > 0 ? found : [null];
}

function listLines(loadBalancer: WorldLoadBalancer, depth: Depth, account: AccountWorld): Line[] {
  if (!depth.listeners || loadBalancer.listeners.length === 0) {
    return [{ loadBalancer, listener: null, rule: null, target: null }];
  }
  return loadBalancer.listeners.flatMap((listener) => {
    const rules = depth.rules && listener.rules.length > 0 ? listener.rules : [null];
    return rules.flatMap((rule) =>
      targetsIn(rule ?? listener, depth.targets, account).map((target) => ({
        loadBalancer,
        listener,
        rule,
        target,
      })),
    );
  });
}

function getDepth(request: DescribeLoadBalancersDetailRequest): Depth {
  const { Fields: fields = [], Filters: filters = [], TargetType: type } = request;
  const has = (table: object) => fields.some((field) => Object.hasOwn(table, field));
  const byTarget = filters.some(({ Name: name }) => name === 'target-ip');
  const targets = has(ofTargets) || byTarget;
  const rules = targets || has(ofRules);
  const listeners = rules || has(ofListeners);
  if (listeners && type === undefined && !byTarget) {
    throw missingParameter(
      'The request is missing a required parameter `TargetType`: its `Fields` name listeners, rules or targets.',
    );
  }
  return { listeners, rules, targets: targets ? (type === 'GROUP' ? 'GROUP' : 'NODE') : null };
}

/**
 * Lists one line for each load balancer, or for each of its listeners, rules or targets when `Fields` names such;
 * `Limit` and `TotalCount` count lines: https://cloud.tencent.com/document/api/214/46916.
 */
export const describeLoadBalancersDetail = action<'clb.DescribeLoadBalancersDetail', Answer>(
  (request, context) => {
    const { account, region } = context;
    const depth = getDepth(request);
    const tests = (request.Filters ?? []).map(filterTest);
    const lines = Object.values(account.loadBalancers)
      .filter((lb) => lb.region === region)
      .flatMap((lb) => listLines(lb, depth, account))
      .filter((line) => tests.every((test) => test(line)));
    const wanted = new Set([
      ...Object.keys(always),
      ...(request.Fields && request.Fields.length > 0 ? request.Fields : Object.keys(usual)),
    ]);
    return {
      TotalCount: lines.length,
      LoadBalancerDetailSet: page(lines, request, { fallback: 20, max: 100 }).map(
        (line): DetailAnswer =>
          Object.fromEntries(
            Object.entries(values).map(([field, value]) => [
              field,
              wanted.has(field) ? value(line, context) : null,
            ]),
          ),
      ),
    };
  },
);
