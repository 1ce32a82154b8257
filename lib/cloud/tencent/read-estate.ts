import type { DnsRecord, DnsZone, Estate, LoadBalancer, ScfFunction } from '@/lib/estate/model';
import type { CloudConnection } from '../connection';
import type { SyncProgress } from '../port';
import type { Caller, Reader } from './caller';
import { listLoadBalancers, readBindings } from './clb/api';
import type { Bindings } from './clb/convert';
import { listInstances } from './cvm/api';
import { listRecords, listZones } from './dnspod/api';
import { PartTracker } from './part-tracker';
import { listFunctionNames, readFunction } from './scf/api';
import { readUin } from './sts/api';
import { readNetworkAccountType } from './vpc/api';

function sortedBy<T>(items: readonly T[], key: (item: T) => string | number): T[] {
  return [...items].sort((a, b) => {
    const [left, right] = [key(a), key(b)];
    return left < right ? -1 : left > right ? 1 : 0;
  });
}

type RegionRead = {
  readonly loadBalancers: readonly LoadBalancer[];
  readonly bindings: readonly Bindings[];
  readonly functions: readonly ScfFunction[];
};

/** A rule that answers for several names shows the first only: said as a gap, so that nobody takes it for all. */
function noteFurtherDomains(tracker: PartTracker, part: `clb/${string}`, bindings: Bindings): void {
  for (const { rule, domains } of bindings.rules) {
    if (domains.length < 2) continue;
    tracker.gap(`${part}/${rule.id}`, `this rule also answers for ${domains.slice(1).join(', ')}; not shown`);
  }
}

async function readLoadBalancers(reader: Reader, tracker: PartTracker, region: string) {
  const loadBalancers = await tracker.read(`clb/${region}`, () => listLoadBalancers(reader, region));
  const bindings = await Promise.all(
    (loadBalancers ?? []).map(async ({ id }) => {
      const part = `clb/${region}/${id}` as const;
      const found = await tracker.read(part, () => readBindings(reader, region, id));
      if (found !== null) noteFurtherDomains(tracker, part, found);
      return found;
    }),
  );
  return { loadBalancers: loadBalancers ?? [], bindings: bindings.filter((found) => found !== null) };
}

async function readFunctions(reader: Reader, tracker: PartTracker, region: string, namespace: string) {
  const part = `scf/${region}/${namespace}` as const;
  const names = await tracker.read(part, () => listFunctionNames(reader, region, namespace));
  const functions = await Promise.all(
    (names ?? []).map((name) =>
      tracker.read(`${part}/${name}`, () => readFunction(reader, { region, namespace, name })),
    ),
  );
  return functions.filter((fn) => fn !== null);
}

async function readRegion(
  reader: Reader,
  tracker: PartTracker,
  region: string,
  namespaces: readonly string[],
): Promise<RegionRead> {
  const [clb, functions] = await Promise.all([
    readLoadBalancers(reader, tracker, region),
    Promise.all(namespaces.map((namespace) => readFunctions(reader, tracker, region, namespace))),
  ]);
  return { ...clb, functions: functions.flat() };
}

async function readDns(reader: Reader, tracker: PartTracker) {
  const zones: readonly DnsZone[] = (await tracker.read('dnspod', () => listZones(reader))) ?? [];
  const records = await Promise.all(
    zones.map(({ name }) => tracker.read(`dnspod/${name}`, () => listRecords(reader, name))),
  );
  return { zones, records: records.flatMap((found): readonly DnsRecord[] => found ?? []) };
}

/**
 * Reads a whole account. What cannot be read becomes a gap with its reason; only wrong keys, or no way to the cloud
 * at all, end the reading with a CloudError. Lists come back in one fixed order, whatever order the cloud had.
 */
export async function readEstate(
  connection: CloudConnection,
  caller: Caller,
  now: () => Date,
  onProgress: (progress: SyncProgress) => void,
): Promise<Estate> {
  const takenAt = now().toISOString();
  const tracker = new PartTracker(onProgress);
  const reader = caller.counting(() => tracker.called());
  const homeRegion = connection.regions[0] ?? 'ap-guangzhou';
  const uin = await readUin(reader, homeRegion);
  const [networkAccountType, regions, instances, dns] = await Promise.all([
    tracker.read('account', () => readNetworkAccountType(reader, homeRegion)),
    Promise.all(
      connection.regions.map((region) => readRegion(reader, tracker, region, connection.namespaces)),
    ),
    Promise.all(
      connection.regions.map((region) => tracker.read(`cvm/${region}`, () => listInstances(reader, region))),
    ),
    readDns(reader, tracker),
  ]);
  const bindings = regions.flatMap((region) => region.bindings);
  return {
    connectionId: connection.id,
    takenAt,
    account: { uin, networkAccountType },
    regions: [...connection.regions],
    zones: sortedBy(dns.zones, (zone) => zone.name),
    records: sortedBy(dns.records, (record) => record.id),
    loadBalancers: sortedBy(
      regions.flatMap((region) => region.loadBalancers),
      (lb) => lb.id,
    ),
    listeners: sortedBy(
      bindings.flatMap((found) => found.listeners),
      (listener) => listener.id,
    ),
    rules: sortedBy(
      bindings.flatMap((found) => found.rules.map(({ rule }) => rule)),
      (rule) => rule.id,
    ),
    functions: sortedBy(
      regions.flatMap((region) => region.functions),
      (fn) => `${fn.region}/${fn.namespace}/${fn.name}`,
    ),
    instances: sortedBy(
      instances.flatMap((found) => found ?? []),
      (instance) => instance.id,
    ),
    gaps: sortedBy(tracker.gaps, (gap) => gap.part),
  };
}
