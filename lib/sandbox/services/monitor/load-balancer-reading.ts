import { clientVips } from '@/lib/sandbox/model/clb/nat64';
import { numericalVpcId } from '@/lib/sandbox/model/clb/numerical-vpc-id';
import { backendsOfRule } from '@/lib/sandbox/model/clb/rule-backends';
import { targetHealth } from '@/lib/sandbox/model/clb/target-health';
import { formatTargetAddress } from '@/lib/sandbox/world/target-address';
import { noTraffic, type TrafficDimensions, type TrafficMinute } from '../../telemetry/traffic-log';
import type { WorldListener, WorldLoadBalancer } from '../../world/clb';
import type { AccountWorld } from '../../world/world';
import type { ActionContext } from '../action';
import type { DimensionValues } from './invocation-metrics';
import { type CountedMetric, createReading, type MetricReading } from './metric';
import { after, beside, unhealthyServers } from './traffic-metrics';

const layer7: readonly string[] = ['HTTP', 'HTTPS'];

/** Traffic with the wanted listener, rule and backend; without such dimensions all of the VIP's. */
function isWanted(uin: string, values: DimensionValues): (series: TrafficDimensions) => boolean {
  const [port, protocol] = [values.get('loadBalancerPort'), values.get('protocol')];
  const [lanIp, lanPort] = [values.get('lanIp'), values.get('port')];
  const [domain, url] = [values.get('domain'), values.get('url')];
  return (series) =>
    series.uin === uin &&
    series.vip === values.get('vip') &&
    (port === undefined || String(series.port) === port) &&
    (protocol === undefined || series.protocol === protocol.toUpperCase()) &&
    (domain === undefined || series.rule?.domain === domain) &&
    (url === undefined || series.rule?.url === url) &&
    (lanIp === undefined || series.target?.ip === lanIp) &&
    (lanPort === undefined || String(series.target?.port) === lanPort);
}

function matchListeners(loadBalancer: WorldLoadBalancer, values: DimensionValues): WorldListener[] {
  const [port, protocol] = [values.get('loadBalancerPort'), values.get('protocol')];
  const [domain, url] = [values.get('domain'), values.get('url')];
  const isWantedRule = (rule: WorldListener['rules'][number]) =>
    [rule.domain, ...rule.furtherDomains].includes(domain ?? '') && (url === undefined || rule.url === url);
  return loadBalancer.listeners.filter(
    (listener) =>
      (port === undefined || String(listener.port) === port) &&
      (protocol === undefined || listener.protocol === protocol.toUpperCase()) &&
      (domain === undefined || listener.rules.some(isWantedRule)),
  );
}

/**
 * Returns whether a private load balancer is in the requested network; a public VIP is unique across the networks of
 * servers.
 */
function isOfVpc({ type, vpcId }: WorldLoadBalancer, values: DimensionValues) {
  const wanted = values.get('vpcId');
  return type === 'OPEN' || wanted === undefined || wanted === String(numericalVpcId(vpcId));
}

/** Counts the servers, each with its port, that a check of the listeners finds dead at a given time. */
function unhealthyAt(account: AccountWorld, listeners: readonly WorldListener[], time: number): number {
  const dead = new Set<string>();
  for (const listener of listeners) {
    const rules = layer7.includes(listener.protocol) ? listener.rules : [listener];
    for (const { healthCheck, targets } of rules.flatMap((rule) => backendsOfRule(account, rule))) {
      for (const target of targets) {
        const instance = account.instances[target.instanceId];
        const health = targetHealth(healthCheck, target.registeredAt, instance, time);
        if (health === 'Dead') dead.add(`${listener.id} ${formatTargetAddress(target)}`);
      }
    }
  }
  return dead.size;
}

/**
 * Reads a metric of a load balancer, a listener, a rule or a backend behind one; null if the object does not exist.
 * @param types of load balancers that the namespace has
 * @param metrics those that are counted
 */
export function readBalancerMetric(
  name: string,
  types: readonly WorldLoadBalancer['type'][],
  metrics: readonly CountedMetric<TrafficMinute>[],
  values: DimensionValues,
  context: ActionContext,
): MetricReading | null {
  const { account, region, now, telemetry } = context;
  const vip = values.get('vip') ?? '';
  const loadBalancer = Object.values(account.loadBalancers).find(
    (each) => each.region === region && types.includes(each.type) && clientVips(each).includes(vip),
  );
  if (!loadBalancer || !isOfVpc(loadBalancer, values)) return null;
  const listeners = matchListeners(loadBalancer, values);
  if (listeners.length === 0 && values.has('loadBalancerPort')) return null;
  if (name === unhealthyServers.name) {
    return (_, to) => unhealthyAt(account, listeners, Math.min(to, now));
  }
  const metric = metrics.find((each) => each.name === name);
  if (!metric) return null;
  const minutes = new Map<number, TrafficMinute>();
  for (const { minute, bucket } of telemetry.traffic.minutes(isWanted(account.uin, values), 0, now + 1)) {
    minutes.set(minute, beside(minutes.get(minute) ?? noTraffic(), bucket));
  }
  return createReading(metric, minutes, noTraffic, after);
}
