import type {
  DescribeLoadBalancersRequest,
  Filter,
  LBOperateProtectInfo,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { entry } from '@/lib/sandbox/model/entry';
import { listRegionZones } from '@/lib/sandbox/model/region-table';
import { action, type WithNull } from '@/lib/sandbox/services/action';
import { page } from '@/lib/sandbox/services/paging';
import type { WorldLoadBalancer, WorldTarget } from '@/lib/sandbox/world/clb';
import { cloudTime } from '@/lib/sandbox/world/clock';
import type { WorldInstance } from '@/lib/sandbox/world/network';
import { targetAddress } from '@/lib/sandbox/world/target-address';
import type { AccountWorld } from '@/lib/sandbox/world/world';
import { boundCount, listTargets } from '../find/find-objects';
import { type LoadBalancerAnswer, loadBalancerAnswer } from './load-balancer-answer';

type Test = (loadBalancer: WorldLoadBalancer) => boolean;

function contains(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase());
}

/** Returns whether a load balancer is in a zone, given by id such as `900002`, or by code such as `ap-singapore-2`. */
function isInZone({ masterZone, region }: WorldLoadBalancer, zones: readonly string[]): boolean {
  const zone = listRegionZones(region, 'en').find(({ code }) => code === masterZone);
  return zone !== undefined && (zones.includes(zone.id) || zones.includes(zone.code));
}

function hasFunction(loadBalancer: WorldLoadBalancer, names: readonly string[]): boolean {
  return loadBalancer.listeners.some((listener) =>
    listener.rules.some((rule) => rule.functions.some((fn) => names.includes(fn.name))),
  );
}

const filterTests: Readonly<Record<string, (values: readonly string[]) => Test>> = {
  'charge-type': (values) => (lb) => values.includes(lb.chargeType),
  'internet-charge-type': (values) => (lb) => values.includes(lb.internetChargeType),
  'master-zone-id': (values) => (lb) => isInZone(lb, values),
  'tag-key': (values) => (lb) => values.some((key) => Object.hasOwn(lb.tags, key)),
  'function-name': (values) => (lb) => hasFunction(lb, values),
  'vip-isp': (values) => (lb) => values.includes(lb.vipIsp),
  'sla-type': (values) => (lb) => values.includes(lb.slaType),
  exclusive: (values) => () => values.includes('0'),
};

/** The names of the filters: https://cloud.tencent.com/document/api/214/30685. */
export const loadBalancerFilters: readonly (string | RegExp)[] = [...Object.keys(filterTests), /^tag:.+/];

function filterTest({ Name: name, Values: values }: Filter): Test {
  const key = name.startsWith('tag:') ? name.slice('tag:'.length) : null;
  if (key !== null) return (lb) => Object.hasOwn(lb.tags, key) && values.includes(lb.tags[key] ?? '');
  return entry(filterTests, name)?.(values) ?? (() => true);
}

function forwardsTo(
  loadBalancer: WorldLoadBalancer,
  account: AccountWorld,
  addressesOf: (instance: WorldInstance, target: WorldTarget) => readonly string[],
  wanted: readonly string[],
): boolean {
  return loadBalancer.listeners.some((listener) =>
    listTargets(listener).some((target) => {
      const instance = account.instances[target.instanceId];
      return (
        instance !== undefined && addressesOf(instance, target).some((address) => wanted.includes(address))
      );
    }),
  );
}

function inNetwork(loadBalancer: WorldLoadBalancer, vpcId: string): boolean {
  return vpcId === '0' ? ['', '0'].includes(loadBalancer.vpcId) : loadBalancer.vpcId === vpcId;
}

function wantedTests(request: DescribeLoadBalancersRequest, account: AccountWorld): Test[] {
  const tests: Test[] = (request.Filters ?? []).map(filterTest);
  const add = <T>(value: T | undefined, test: (loadBalancer: WorldLoadBalancer, value: T) => boolean) => {
    // An empty list or text means "no filter", as in all list actions.
    const isEmpty = value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
    if (!isEmpty) tests.push((loadBalancer) => test(loadBalancer, value));
  };
  add(request.LoadBalancerIds, (lb, ids) => ids.includes(lb.id));
  add(request.LoadBalancerType, (lb, type) => lb.type === type);
  add(request.Forward, (lb, forward) => lb.forward === forward);
  add(request.LoadBalancerName, (lb, name) => contains(lb.name, name));
  add(request.Domain, (lb, domain) => contains(lb.domain ?? '', domain));
  add(request.LoadBalancerVips, (lb, vips) =>
    [...lb.vips, lb.ipv6].some((vip) => vip !== null && vips.includes(vip)),
  );
  add(request.BackendPrivateIps, (lb, ips) =>
    forwardsTo(lb, account, (server, target) => [targetAddress(target, server)], ips),
  );
  add(request.BackendPublicIps, (lb, ips) => forwardsTo(lb, account, ({ publicIps }) => publicIps, ips));
  add(request.WithRs, (lb, withRs) => withRs === -1 || boundCount(lb) > 0 === (withRs === 1));
  add(request.VpcId, inNetwork);
  add(request.ProjectId, (lb, project) => lb.projectId === project);
  add(request.MasterZone, (lb, zone) => isInZone(lb, [zone]));
  add(request.SecurityGroup, (lb, group) => lb.securityGroups?.includes(group) ?? false);
  add(request.SearchKey, (lb, key) =>
    [lb.id, lb.name, lb.domain ?? '', ...lb.vips].some((text) => contains(text, key)),
  );
  return tests;
}

const orders: Readonly<Record<string, (loadBalancer: WorldLoadBalancer) => string>> = {
  LoadBalancerName: (lb) => lb.name,
  CreateTime: (lb) => String(lb.createdAt).padStart(16, '0'),
  Domain: (lb) => lb.domain ?? '',
  LoadBalancerType: (lb) => lb.type,
};

/** Fields that `OrderBy` accepts: https://cloud.tencent.com/document/api/214/30685. */
export const loadBalancerOrders = Object.keys(orders);

function sorted(
  found: readonly WorldLoadBalancer[],
  request: DescribeLoadBalancersRequest,
): WorldLoadBalancer[] {
  const key = entry(orders, request.OrderBy ?? 'CreateTime');
  const direction = request.OrderType === 0 ? 1 : -1;
  // Ties are sorted by id, so that pages never overlap.
  const keyed = found.map((lb) => ({ lb, key: `${key?.(lb) ?? ''} ${lb.id}` }));
  return keyed.toSorted((a, b) => (a.key < b.key ? -direction : direction)).map(({ lb }) => lb);
}

type Answer = { LoadBalancerSet: LoadBalancerAnswer[] };

/** Lists load balancers (limit 20 by default, 100 at most): https://www.tencentcloud.com/document/api/214/33830. */
export const describeLoadBalancers = action<'clb.DescribeLoadBalancers', Answer>((request, context) => {
  const { account, region } = context;
  const tests = wantedTests(request, account);
  const found = Object.values(account.loadBalancers).filter(
    (lb) => lb.region === region && tests.every((test) => test(lb)),
  );
  const withCount = request.AdditionalFields?.includes('TargetCount') ?? false;
  return {
    TotalCount: found.length,
    LoadBalancerSet: page(sorted(found, request), request, { fallback: 20, max: 100 }).map((lb) => ({
      ...loadBalancerAnswer(account, lb),
      ...(withCount ? { TargetCount: boundCount(lb) } : {}),
    })),
  };
});

type ProtectAnswer = {
  LoadBalancerSet: WithNull<LBOperateProtectInfo, 'OperatorUin' | 'Description' | 'ModifyTime'>[];
};

/**
 * Returns the operation protection of load balancers; unknown ids are left out. DescribeLBOperateProtect of
 * github.com/TencentCloud/tencentcloud-cli, tccli/services/clb/v20180317/api.json.
 */
export const describeLBOperateProtect = action<'clb.DescribeLBOperateProtect', ProtectAnswer>(
  ({ LoadBalancerIds }, { account, region }) => ({
    LoadBalancerSet: LoadBalancerIds.flatMap((id) => {
      const loadBalancer = account.loadBalancers[id];
      if (loadBalancer === undefined || loadBalancer.region !== region) return [];
      const { operationProtection: protection } = loadBalancer;
      return {
        LoadBalancerId: id,
        ProtectState: protection !== undefined,
        OperatorUin: protection?.operatorUin ?? null,
        Description: protection?.description ?? null,
        ModifyTime: protection === undefined ? null : cloudTime(protection.modifiedAt),
      };
    }),
  }),
);
