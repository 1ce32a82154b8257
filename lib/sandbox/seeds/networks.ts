import type { WorldLoadBalancer } from '../world/clb';
import type { WorldInstance, WorldSecurityGroup, WorldSubnet, WorldVpc } from '../world/network';
import type { AccountWorld } from '../world/world';

/**
 * Returns the networks that load balancers and servers name: a VPC spans the whole range that their addresses are from,
 * a subnet the smallest block that contains its servers. VPCs of different regions and accounts may have the same
 * range. Each region with a VPC has a security group that lets everything in.
 */
export function buildNetworks(
  loadBalancers: readonly WorldLoadBalancer[],
  instances: readonly WorldInstance[],
): Pick<AccountWorld, 'vpcs' | 'subnets' | 'securityGroups'> {
  const vpcs: Record<string, WorldVpc> = {};
  const createdAt = Math.min(...[...loadBalancers, ...instances].map((each) => each.createdAt));
  const addVpc = (id: string, region: string, address: string | undefined) => {
    if (id === '' || id === '0' || address === undefined) return;
    const [first, second] = address.split('.');
    const cidr = `${first}.${second}.0.0/16`;
    vpcs[id] ??= { id, name: id.slice(4), region, cidr, isDefault: false, createdAt, tags: {} };
  };
  for (const { vpcId, region, vips } of loadBalancers) addVpc(vpcId, region, vips[0]);
  for (const { vpcId, region, privateIp } of instances) addVpc(vpcId, region, privateIp);
  const servers = new Map<string, WorldInstance[]>();
  for (const instance of instances) {
    const among = servers.get(instance.subnetId);
    if (among) among.push(instance);
    else servers.set(instance.subnetId, [instance]);
  }
  const subnets = [...servers].flatMap(([id, among]): WorldSubnet[] => {
    const [first] = among;
    if (first === undefined) return [];
    const { vpcId, region, zone } = first;
    const cidr = coveringBlock(among.map((instance) => instance.privateIp));
    return [{ id, name: id.slice(7), cidr, vpcId, region, zone, createdAt, tags: {} }];
  });
  const securityGroups: Record<string, WorldSecurityGroup> = {};
  for (const { region } of Object.values(vpcs)) {
    const id = `sg-${region.slice(3, 6)}open1`;
    const everything = { protocol: 'ALL', ports: 'ALL', source: '0.0.0.0/0', description: '' };
    securityGroups[id] ??= {
      id,
      region,
      ingress: [{ action: 'ACCEPT', ...everything }],
      modifiedAt: createdAt,
    };
  }
  return {
    vpcs,
    subnets: Object.fromEntries(subnets.map((subnet) => [subnet.id, subnet])),
    securityGroups,
  };
}

/** Returns the smallest block of /24 or larger that contains the addresses, which share their first two parts. */
function coveringBlock(addresses: readonly string[]): string {
  const parts = addresses.map((address) => address.split('.').map(Number));
  const thirds = parts.map((each) => each[2] ?? 0);
  let size = 1;
  while (Math.floor(Math.min(...thirds) / size) !== Math.floor(Math.max(...thirds) / size)) size *= 2;
  const [first, second] = parts[0] ?? [];
  const start = Math.floor(Math.min(...thirds) / size) * size;
  return `${first}.${second}.${start}.0/${24 - Math.log2(size)}`;
}
