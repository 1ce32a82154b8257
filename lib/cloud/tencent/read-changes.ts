import { inKeyOrder } from '@/lib/estate/estate-lists';
import { isPartlyUnread } from '@/lib/estate/gaps';
import type { LoadBalancerId } from '@/lib/estate/ids';
import type { DnsRecord, Estate, LoadBalancer, ScfFunction } from '@/lib/estate/model';
import { sameValue } from '@/lib/estate/same-value';
import type { CloudConnection } from '../connection';
import type { Caller, Reader } from './call/caller';
import { listLoadBalancers } from './clb/api';
import { withHealth } from './clb/convert-health';
import { PartTracker } from './part-tracker';
import { readZonesAndRecords } from './read-dns';
import { readBindingsOfListeners, readHealths, readNamespaces, readOneFunction } from './read-region';
import { listFunctions } from './scf/api';
import type { FunctionRow } from './scf/convert';
import { readCaller } from './sts/api';

/** Parts that only a full sync reads. */
const wholeOnly =
  /^(account|cam|(ssl|igtm)(\/.*)?|dnspod-plans|dnspod-lines|(cvm|vpc|zones|security-groups|clb-protection|clb-quota|clb-config|scf-account)\/.*)$/;

type PartialSync = { readonly reader: Reader; readonly tracker: PartTracker; readonly previous: Estate };

/**
 * Returns whether a load balancer's listeners and rules need reading: it is new, it has changed, or they were not read.
 */
function hasChanged({ previous }: PartialSync, loadBalancer: LoadBalancer): boolean {
  const before = previous.loadBalancers.find((each) => each.id === loadBalancer.id);
  const part = `clb/${loadBalancer.region}/${loadBalancer.id}` as const;
  return before === undefined || isPartlyUnread(previous, part) || !sameValue(before, loadBalancer);
}

async function readLoadBalancers(sync: PartialSync, region: string, watched: ReadonlySet<string>) {
  const { reader, tracker, previous } = sync;
  const listed = await tracker.read(`clb/${region}`, () =>
    listLoadBalancers(reader, region, tracker.odd(`clb/${region}`)),
  );
  if (listed === null) return { loadBalancers: [], listeners: [], rules: [] };
  const protections = new Map(previous.loadBalancers.map((each) => [each.id, each.operationProtection]));
  const loadBalancers = listed.map((each) => ({
    ...each,
    operationProtection: protections.get(each.id) ?? null,
  }));
  const read = loadBalancers.filter((each) => watched.has(each.id) || hasChanged(sync, each));
  const [bindings, health] = await Promise.all([
    readBindingsOfListeners(reader, tracker, region, read),
    readHealths(reader, tracker, region, loadBalancers),
  ]);
  const readIds = new Set<string>(read.map(({ id }) => id));
  const kept = new Set<string>(loadBalancers.map(({ id }) => id).filter((id) => !readIds.has(id)));
  const isKept = ({ loadBalancerId }: { loadBalancerId: string }) => kept.has(loadBalancerId);
  return {
    loadBalancers,
    listeners: [...previous.listeners.filter(isKept), ...bindings.flatMap(({ listeners }) => listeners)].map(
      (each) => withHealth(each, health),
    ),
    rules: [...previous.rules.filter(isKept), ...bindings.flatMap(({ rules }) => rules)].map((each) =>
      withHealth(each, health),
    ),
  };
}

/** Returns true if the list entry of a function matches the previous snapshot, and the function was read completely. */
function isUnchanged(
  { previous }: PartialSync,
  fn: ScfFunction | undefined,
  row: FunctionRow,
): fn is ScfFunction {
  if (fn === undefined || fn.modifiedAt !== row.modifiedAt || fn.status !== row.status) return false;
  const part = `scf/${fn.region}/${fn.namespace}/${fn.name}`;
  return !previous.gaps.some((gap) => gap.part === part || gap.part.startsWith(`${part}/`));
}

async function readFunctions(sync: PartialSync, region: string, namespace: string) {
  const { reader, tracker, previous } = sync;
  const rows = await tracker.read(`scf/${region}/${namespace}`, () =>
    listFunctions(reader, region, namespace, tracker.odd(`scf/${region}/${namespace}`)),
  );
  const found = await Promise.all(
    (rows ?? []).map((row) => {
      const before = previous.functions.find(
        (fn) => fn.region === region && fn.namespace === namespace && fn.name === row.name,
      );
      return isUnchanged(sync, before, row)
        ? before
        : readOneFunction(reader, tracker, { region, namespace }, row);
    }),
  );
  return found.filter((fn) => fn !== null);
}

async function readDns({ reader, tracker, previous }: PartialSync) {
  const { zones, records } = await readZonesAndRecords(reader, tracker);
  return {
    records: records.flatMap((found): readonly DnsRecord[] => found ?? []),
    // A plan's limits change only with the plan.
    zones: zones.map((zone) => {
      const { minTtlS = null, sameNameMax = null } =
        previous.zones.find(({ grade }) => grade === zone.grade) ?? {};
      return { ...zone, minTtlS, sameNameMax };
    }),
  };
}

/**
 * Syncs, at the lowest priority, what changes often and costs few calls: DNS records, the lists of load balancers and
 * functions, and their changed entries, the bindings of the load balancers that are watched, the health of all targets.
 * The rest is kept from the previous snapshot.
 * @returns the previous estate merged with the new data; `partsAt` says when each part was read
 * @throws CloudError with wrong keys, or if the cloud can't be reached
 */
export async function readChanges(
  connection: CloudConnection,
  caller: Caller,
  now: () => Date,
  previous: Estate,
  watched: readonly LoadBalancerId[],
): Promise<Estate> {
  const partsAt = now().toISOString();
  const tracker = new PartTracker(() => {});
  const sync: PartialSync = { reader: caller.counting(() => {}, 'background'), tracker, previous };
  const watchedIds = new Set<string>(watched);
  const { regions } = connection;
  // If nothing at all can be read, the previous snapshot must not be taken for deleted.
  await readCaller(sync.reader, regions[0] ?? 'ap-guangzhou');
  const [clb, scf, dns] = await Promise.all([
    Promise.all(regions.map((region) => readLoadBalancers(sync, region, watchedIds))),
    Promise.all(
      regions.map((region) =>
        readNamespaces(sync.reader, tracker, region, (name) => readFunctions(sync, region, name)),
      ),
    ),
    readDns(sync),
  ]);
  const gaps = [...previous.gaps.filter(({ part }) => wholeOnly.test(part)), ...tracker.gaps];
  const found = {
    zones: dns.zones,
    records: dns.records,
    loadBalancers: clb.flatMap(({ loadBalancers }) => loadBalancers),
    listeners: clb.flatMap(({ listeners }) => listeners),
    rules: clb.flatMap(({ rules }) => rules),
    functions: scf.flatMap(({ functions }) => functions),
    scfNamespaces: scf.flatMap(({ scfNamespaces }) => scfNamespaces),
    gaps,
  };
  const ordered = Object.entries(found).map(([list, objects]) => [
    list,
    inKeyOrder(list as keyof typeof found, objects),
  ]);
  return { ...previous, partsAt, regions: [...regions], ...Object.fromEntries(ordered) };
}
