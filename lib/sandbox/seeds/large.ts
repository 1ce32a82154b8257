import type { WorldLoadBalancer } from '../world/clb';
import type { WorldInstance } from '../world/network';
import { type World, worldFormat } from '../world/world';
import {
  account,
  address,
  instance,
  listener,
  loadBalancer,
  pageHandler,
  scfFunction,
  seedRecord,
  seedRule,
  seedZone,
  zipSeedFiles,
} from './parts';

const regions = ['ap-singapore', 'ap-guangzhou', 'ap-jakarta', 'ap-tokyo'] as const;
const balancersPerRegion = 50;
const listenersPerBalancer = 5;
const rulesPerListener = 10;
const targetsPerRule = 4;
const serversPerRegion = 500;
const functionsPerRegion = 125;
const functionsPerNamespace = 50;
const zones = 20;
const recordsPerZone = 10;

/** Pads a number with zeros: `pad(7, 3)` = `007`. */
function pad(number: number, digits: number): string {
  return String(number).padStart(digits, '0');
}

function buildServers(vipNetwork: string, region: string, index: number): WorldInstance[] {
  return Array.from({ length: serversPerRegion }, (_, n) =>
    instance({
      id: `ins-${index}web${pad(n, 4)}`,
      name: `web-${index}-${n}`,
      region,
      zone: `${region}-1`,
      privateIp: address(vipNetwork, 100 + index * 4 + Math.floor(n / 200), 1 + (n % 200)),
    }),
  );
}

/** Builds the shop of one tenant: each listener has the same ten paths, each path its own pool. */
function buildBalancer(
  region: string,
  index: number,
  n: number,
  vip: string,
  servers: readonly WorldInstance[],
  createdAt: number,
): WorldLoadBalancer {
  const key = `${index}${pad(n, 2)}`;
  const listeners = Array.from({ length: listenersPerBalancer }, (_, at) => {
    const rules = Array.from({ length: rulesPerListener }, (_, path) =>
      seedRule({
        id: `loc-${key}${at}${pad(path, 4)}`,
        domain: `shop-${key}.example.com`,
        url: path === 0 ? '/' : `/part-${path}`,
        isDefault: true,
        createdAt,
        targets: Array.from({ length: targetsPerRule }, (_, target) => {
          const server = servers[(n * 40 + at * 8 + path + target * 125) % servers.length];
          return { instanceId: server?.id ?? '', port: 8080, weight: 10, registeredAt: createdAt };
        }),
      }),
    );
    const port = at === 0 ? 80 : 8080 + at;
    return listener({ id: `lbl-${key}${pad(at, 5)}`, protocol: 'HTTP', port, createdAt, rules });
  });
  return loadBalancer({
    id: `lb-${key}large`,
    name: `tenant-${key}`,
    region,
    vips: [vip],
    createdAt,
    listeners,
  });
}

/**
 * A large estate for measurements: 200 load balancers in four regions, 1,000 listeners, 10,000 rules, 40,000 targets,
 * 500 functions, 200 records.
 */
export function large(vipNetwork: string, now: number): World {
  const createdAt = now - 86_400_000;
  const zip = zipSeedFiles({ 'index.py': pageHandler('Large') });
  const servers = regions.map((region, index) => buildServers(vipNetwork, region, index));
  const balancers = regions.flatMap((region, index) =>
    Array.from({ length: balancersPerRegion }, (_, n) => {
      const vip = address(vipNetwork, 10 + index, 1 + n);
      return buildBalancer(region, index, n, vip, servers[index] ?? [], createdAt);
    }),
  );
  const functions = regions.flatMap((region) =>
    Array.from({ length: functionsPerRegion }, (_, n) => {
      const batch = Math.floor(n / functionsPerNamespace);
      const namespace = batch === 0 ? 'default' : `team-${batch}`;
      return scfFunction({ region, namespace, name: `tenant-${n}`, zip, createdAt });
    }),
  );
  const zoned = Array.from({ length: zones }, (_, index) =>
    seedZone({
      id: 92_000_001 + index,
      name: `tenant-${index}.example.com`,
      grade: 'DP_ULTRA',
      createdAt,
      records: Array.from({ length: recordsPerZone }, (_, n) => {
        const to = balancers[(index * recordsPerZone + n) % balancers.length];
        const value = to?.vips[0] ?? '';
        const id = 510_000_000 + index * 100 + n;
        return seedRecord({ id, subdomain: `www-${n}`, type: 'A', value, updatedAt: createdAt });
      }),
    }),
  );
  const only = account(
    {
      uin: '100000000003',
      name: 'large',
      appId: 1300000003,
      networkAccountType: 'STANDARD',
    },
    { loadBalancers: balancers, instances: servers.flat(), functions, zones: zoned },
  );
  return { format: worldFormat, seed: 'large', nextId: 1, accounts: { [only.uin]: only } };
}
