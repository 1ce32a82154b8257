import { CloudError } from '@/lib/cloud/errors';
import { type Permissions, unknownPermissions } from '@/lib/estate/account-model';
import { writeActions } from '@/lib/estate/actions';
import type { EstatePart } from '@/lib/estate/gaps';
import { type Estate, estateFormat, type Listener, type LoadBalancer } from '@/lib/estate/model';
import type { CloudConnection } from '../connection';
import type { SyncProgress } from '../port';
import type { Rank } from '../rate-limiter';
import type { Caller, Reader } from './call/caller';
import { readPermissions } from './cam/api';
import { listInstances } from './cvm/api';
import { listIgtmInstances } from './igtm/api';
import { type MonitoredObject, readPeaks } from './monitor/api';
import { PartTracker } from './part-tracker';
import { readDns } from './read-dns';
import { readRegion } from './read-region';
import { listCertificates } from './ssl/api';
import { readCaller } from './sts/api';
import { readNetworkAccountType, readSecurityGroup } from './vpc/api';

const hourMs = 3_600_000;
const hours = 24;

/** The most listeners and VIPs that are asked about, so that a sync stays bounded. Our own choice. */
const objectsMax = 200;

/**
 * Reads the most connections at once of the last 24 h of the public listeners that forward without rules (layer 4 and
 * QUIC). `ClientConnum` by VIP, port and protocol: https://cloud.tencent.com/document/product/248/51898
 * @returns by listener; one that is missing couldn't be read
 */
async function readListenerConnections(
  reader: Reader,
  loadBalancers: readonly LoadBalancer[],
  listeners: readonly Listener[],
  now: number,
): Promise<NonNullable<Estate['listenerConnections']>> {
  const balancers = new Map(loadBalancers.map((balancer) => [balancer.id, balancer]));
  const asked = listeners
    .flatMap(({ id, loadBalancerId, protocol, port, targets }) => {
      const balancer = balancers.get(loadBalancerId);
      const isLayer7 = protocol === 'HTTP' || protocol === 'HTTPS';
      if (isLayer7 || targets.length === 0 || balancer?.network !== 'OPEN') return [];
      return balancer.vips.map((vip) => ({
        id,
        object: {
          region: balancer.region,
          namespace: 'QCE/LB_PUBLIC',
          dimensions: { vip, loadBalancerPort: String(port), protocol },
        } satisfies MonitoredObject,
      }));
    })
    .slice(0, objectsMax);
  const to = Math.floor(now / hourMs) * hourMs;
  const span = { from: to - hours * hourMs, to, periodS: 3600 };
  const peaks = new Map<string, number>();
  for (const region of new Set(asked.map(({ object }) => object.region)))
    try {
      const some = asked.filter(({ object }) => object.region === region);
      const objects = some.map(({ object }) => object);
      const values = await readPeaks(reader, objects, 'ClientConnum', span);
      for (const [index, { id }] of some.entries())
        peaks.set(id, Math.max(peaks.get(id) ?? 0, Math.ceil(values[index] ?? 0)));
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
    }
  return Object.fromEntries(peaks);
}

function sortedBy<T>(items: readonly T[], key: (item: T) => string | number): T[] {
  return [...items].sort((a, b) => {
    const [left, right] = [key(a), key(b)];
    return left < right ? -1 : left > right ? 1 : 0;
  });
}

/** The rights of a connection: those of the key for reads, and for writes those of the key that signs them. */
function joinPermissions(read: Permissions, write: Permissions | null): Permissions {
  const isWrite = (action: string) => writeActions.includes(action);
  const writes = write ?? { source: 'cam', allowed: [], denied: [...writeActions] };
  const isKnown = read.allowed !== null || writes.allowed !== null;
  return {
    source: read.source ?? writes.source,
    allowed: isKnown
      ? [
          ...(read.allowed ?? []).filter((action) => !isWrite(action)),
          ...(writes.allowed ?? []).filter(isWrite),
        ]
      : null,
    denied: [...read.denied.filter((action) => !isWrite(action)), ...writes.denied.filter(isWrite)],
  };
}

/** The key that signs writes: none, the one that signs reads, or another, by its caller. */
type Writer = 'none' | 'same' | Caller;

type Grouped = { readonly region: string; readonly securityGroups: readonly string[] | null };

/** The security groups of some load balancers and servers, each once, as far as they can be read. */
async function readSecurityGroups(reader: Reader, tracker: PartTracker, holders: readonly Grouped[]) {
  const parts = holders.flatMap(({ region, securityGroups }) =>
    (securityGroups ?? []).map((id) => [`security-groups/${region}/${id}`, { region, id }] as const),
  );
  const found = await Promise.all(
    [...new Map(parts)].map(([part, { region, id }]) =>
      tracker.read(part as EstatePart, () => readSecurityGroup(reader, region, id)),
    ),
  );
  return found.filter((group) => group !== null);
}

/**
 * Reads a whole account. A part that can't be read becomes a gap with its reason; only wrong keys or an unreachable
 * cloud end the read with a CloudError. Lists are returned in a fixed order, independently of the cloud's order.
 * @param writer signs with the key for writes, whose rights decide about plans; `none` = the connection is read-only
 */
export async function readEstate(
  connection: CloudConnection,
  caller: Caller,
  now: () => Date,
  onProgress: (progress: SyncProgress) => void,
  rank: Rank,
  writer: Writer = 'same',
): Promise<Estate> {
  const takenAt = now().toISOString();
  const tracker = new PartTracker(onProgress);
  const reader = caller.counting(() => tracker.called(), rank);
  const homeRegion = connection.regions[0] ?? 'ap-guangzhou';
  const who = await readCaller(reader, homeRegion);
  const [networkAccountType, permissions, certificates, regions, instances, dns, igtm] = await Promise.all([
    tracker.read('account', () => readNetworkAccountType(reader, homeRegion)),
    tracker.read('cam', async () => {
      const own = await readPermissions(reader, who);
      if (writer === 'same') return own;
      if (writer === 'none') return joinPermissions(own, null);
      const other = writer.counting(() => tracker.called(), rank);
      return joinPermissions(own, await readPermissions(other, await readCaller(other, homeRegion)));
    }),
    tracker.read('ssl', () => listCertificates(reader, tracker.odd('ssl'))),
    Promise.all(connection.regions.map((region) => readRegion(reader, tracker, region))),
    Promise.all(
      connection.regions.map((region) =>
        tracker.read(`cvm/${region}`, () => listInstances(reader, region, tracker.odd(`cvm/${region}`))),
      ),
    ),
    readDns(reader, tracker),
    tracker.read('igtm', () => listIgtmInstances(reader, tracker.odd('igtm'))),
  ]);
  const securityGroups = await readSecurityGroups(reader, tracker, [
    ...regions.flatMap((region) => region.loadBalancers),
    ...instances.flatMap((found) => found ?? []),
  ]);
  const listenerConnections = await readListenerConnections(
    reader,
    regions.flatMap((region) => region.loadBalancers),
    regions.flatMap((region) => region.listeners),
    now().getTime(),
  );
  const inRegions = <T>(of: (region: (typeof regions)[number]) => readonly T[]) => regions.flatMap(of);
  return {
    format: estateFormat,
    connectionId: connection.id,
    takenAt,
    partsAt: null,
    account: {
      uin: who.accountUin,
      networkAccountType,
      permissions: permissions ?? unknownPermissions,
    },
    regions: [...connection.regions],
    zones: sortedBy(dns.zones, (zone) => zone.name),
    records: sortedBy(dns.records, (record) => record.id),
    loadBalancers: sortedBy(
      inRegions((region) => region.loadBalancers),
      (lb) => lb.id,
    ),
    listeners: sortedBy(
      inRegions((region) => region.listeners),
      (listener) => listener.id,
    ),
    rules: sortedBy(
      inRegions((region) => region.rules),
      (rule) => rule.id,
    ),
    functions: sortedBy(
      inRegions((region) => region.functions),
      (fn) => `${fn.region}/${fn.namespace}/${fn.name}`,
    ),
    instances: sortedBy(
      instances.flatMap((found) => found ?? []),
      (instance) => instance.id,
    ),
    clbQuotas: inRegions((region) => region.clbQuotas),
    scfAccounts: inRegions((region) => region.scfAccounts),
    scfNamespaces: sortedBy(
      inRegions((region) => region.scfNamespaces),
      ({ region, name }) => `${region}/${name}`,
    ),
    vpcs: sortedBy(
      inRegions((region) => region.vpcs),
      (vpc) => vpc.id,
    ),
    subnets: sortedBy(
      inRegions((region) => region.subnets),
      (subnet) => subnet.id,
    ),
    availabilityZones: sortedBy(
      inRegions((region) => region.availabilityZones),
      (zone) => zone.id,
    ),
    securityGroups: sortedBy(securityGroups, ({ region, id }) => `${region}/${id}`),
    certificates: sortedBy(certificates ?? [], (certificate) => certificate.id),
    customConfigs: sortedBy(
      inRegions((region) => region.customConfigs),
      (config) => config.id,
    ),
    dnsLines: [...dns.lines],
    igtm: sortedBy(igtm ?? [], (instance) => instance.id),
    listenerConnections,
    gaps: sortedBy(tracker.gaps, (gap) => gap.part),
  };
}
