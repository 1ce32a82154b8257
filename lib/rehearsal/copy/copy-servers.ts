import type { Estate, Instance, LoadBalancer, Target } from '@/lib/estate/model';
import { instance } from '@/lib/sandbox/seeds/parts';
import type { WorldInstance } from '@/lib/sandbox/world/network';

/** Longer ago than any health check looks back, in ms. */
const longAgoMs = 86_400_000;

type Lists = Pick<Estate, 'instances' | 'loadBalancers' | 'rules' | 'listeners'>;

/** A target with its load balancer. */
type Bound = { readonly target: Target; readonly loadBalancer: LoadBalancer | undefined };

/** Returns all targets of rules and listeners. */
function listBound({ loadBalancers, rules, listeners }: Lists): readonly Bound[] {
  return [...rules, ...listeners].flatMap(({ loadBalancerId, targets }) => {
    const loadBalancer = loadBalancers.find(({ id }) => id === loadBalancerId);
    return targets.map((target) => ({ target, loadBalancer }));
  });
}

/** Returns whether the health checks of a snapshot have found a server dead, and none alive. */
function isDead(id: string, addresses: readonly string[], targets: readonly Target[]): boolean {
  const own = targets.filter(
    (target) => target.instanceId === id || addresses.includes(target.eniIp ?? target.privateIp ?? ''),
  );
  return own.some(({ health }) => health === 'dead') && own.every(({ health }) => health !== 'alive');
}

function toServer(found: Instance, targets: readonly Target[], now: number): WorldInstance {
  const [privateIp = '', ...further] = found.privateIps;
  const isDown = isDead(found.id, found.privateIps, targets);
  return instance({
    id: found.id,
    name: found.name,
    region: found.region,
    zone: found.zone,
    vpcId: found.vpcId ?? '',
    privateIp,
    ...(further.length > 0 && { interfaces: [{ id: `eni-${found.id}`, privateIps: further }] }),
    state: found.state === 'STOPPED' ? 'STOPPED' : 'RUNNING',
    downSince: isDown ? now - longAgoMs : null,
    securityGroupIds: [...(found.securityGroups ?? [])],
  });
}

/** The servers of a snapshot in sandbox data, and the server of each target. */
export type CopiedServers = {
  readonly servers: readonly WorldInstance[];
  readonly serverOf: (target: Target) => string;
};

/**
 * Copies the servers of a snapshot to sandbox data. A target whose server is in none of the lists (a pod, a server of
 * another region, or one that may not be listed) gets a server of its own, because only a server can answer. It is in
 * the region and the VPC of its load balancer, where changes of targets are accepted.
 */
export function copyServers(estate: Lists, now: number): CopiedServers {
  const bound = listBound(estate);
  const targets = bound.map(({ target }) => target);
  const known = estate.instances.map((found) => toServer(found, targets, now));
  const byAddress = new Map<string, string>();
  for (const { id, privateIp, interfaces = [] } of known)
    for (const address of [privateIp, ...interfaces.flatMap(({ privateIps }) => privateIps)])
      byAddress.set(address, id);
  const ids = new Set(known.map(({ id }) => id));
  const made = new Map<string, WorldInstance>();
  for (const { target, loadBalancer } of bound) {
    const id = target.instanceId ?? byAddress.get(target.eniIp) ?? `ins-${target.eniIp}`;
    if (ids.has(id) || made.has(id)) continue;
    const privateIp = target.eniIp ?? target.privateIp ?? '';
    const downSince = isDead(id, [privateIp], targets) ? now - longAgoMs : null;
    const region = loadBalancer?.region ?? 'ap-guangzhou';
    const place = { region, zone: `${region}-1`, vpcId: loadBalancer?.vpcId ?? '' };
    made.set(id, instance({ id, name: target.instanceName ?? id, privateIp, downSince, ...place }));
  }
  return {
    servers: [...known, ...made.values()],
    serverOf: (target) => target.instanceId ?? byAddress.get(target.eniIp) ?? `ins-${target.eniIp}`,
  };
}
