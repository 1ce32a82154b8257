import type { ScfNamespace } from '@/lib/estate/account-model';
import { hasScf } from '@/lib/estate/facts/regions';
import type { LoadBalancer, ScfFunction } from '@/lib/estate/model';
import type { Reader } from './call/caller';
import {
  healthBatch,
  listCustomConfigs,
  protectionBatch,
  readClbQuota,
  readHealth,
  readProtections,
} from './clb/account-api';
import { listLoadBalancers, readBindings } from './clb/api';
import { readClassicListeners } from './clb/classic';
import { withHealth } from './clb/convert-health';
import { listAvailabilityZones } from './cvm/api';
import type { PartTracker } from './part-tracker';
import { listFunctions, listNamespaces } from './scf/api';
import { readScfAccount } from './scf/concurrency-api';
import type { FunctionRow } from './scf/convert';
import { readFunction } from './scf/read-function';
import { listSubnets, listVpcs } from './vpc/api';

/** Reads the health of all their targets, as far as possible; classic instances need another action. */
export async function readHealths(
  reader: Reader,
  tracker: PartTracker,
  region: string,
  loadBalancers: readonly LoadBalancer[],
) {
  const ids = loadBalancers.filter((lb) => lb.generation === 'clb').map((lb) => lb.id);
  const batches = Array.from({ length: Math.ceil(ids.length / healthBatch) }, (_, n) =>
    ids.slice(n * healthBatch, (n + 1) * healthBatch),
  );
  const found = await Promise.all(
    batches.map((batch) =>
      tracker.read(`clb-health/${region}`, () =>
        readHealth(reader, region, batch, tracker.odd(`clb-health/${region}`)),
      ),
    ),
  );
  return new Map(found.flatMap((health) => [...(health ?? [])]));
}

/** Reads the listeners and rules of some load balancers, as far as possible, without their health. */
export async function readBindingsOfListeners(
  reader: Reader,
  tracker: PartTracker,
  region: string,
  loadBalancers: readonly LoadBalancer[],
) {
  const found = await Promise.all(
    loadBalancers.map(({ id, generation }) =>
      tracker.read(`clb/${region}/${id}`, async () => {
        const odd = tracker.odd(`clb/${region}/${id}`);
        return generation === 'clb'
          ? readBindings(reader, region, id, [], odd)
          : { listeners: await readClassicListeners(reader, region, id, odd), rules: [] };
      }),
    ),
  );
  return found.filter((each) => each !== null);
}

/** Returns load balancers with their operation protection, as far as it can be read. Classic instances have none. */
async function withProtection(
  reader: Reader,
  tracker: PartTracker,
  region: string,
  loadBalancers: readonly LoadBalancer[],
): Promise<readonly LoadBalancer[]> {
  const ids = loadBalancers.filter((lb) => lb.generation === 'clb').map((lb) => lb.id);
  const batches = Array.from({ length: Math.ceil(ids.length / protectionBatch) }, (_, n) =>
    ids.slice(n * protectionBatch, (n + 1) * protectionBatch),
  );
  const found = await tracker.read(`clb-protection/${region}`, () =>
    Promise.all(batches.map((batch) => readProtections(reader, region, batch))),
  );
  const protections = new Map(found?.flatMap((each) => [...each]));
  return loadBalancers.map((each) => ({ ...each, operationProtection: protections.get(each.id) ?? null }));
}

async function readLoadBalancers(reader: Reader, tracker: PartTracker, region: string) {
  const listed =
    (await tracker.read(`clb/${region}`, () =>
      listLoadBalancers(reader, region, tracker.odd(`clb/${region}`)),
    )) ?? [];
  const [loadBalancers, found] = await Promise.all([
    withProtection(reader, tracker, region, listed),
    readBindingsOfListeners(reader, tracker, region, listed),
  ]);
  // Its large responses would delay the first calls of everything else.
  const health = await readHealths(reader, tracker, region, loadBalancers);
  return {
    loadBalancers,
    listeners: found.flatMap(({ listeners }) => listeners.map((each) => withHealth(each, health))),
    rules: found.flatMap(({ rules }) => rules.map((each) => withHealth(each, health))),
  };
}

/** Reads one function of the list, as far as possible. */
export function readOneFunction(
  reader: Reader,
  tracker: PartTracker,
  { region, namespace }: { readonly region: string; readonly namespace: string },
  row: FunctionRow,
): Promise<ScfFunction | null> {
  const part = `scf/${region}/${namespace}/${row.name}` as const;
  return tracker.read(part, () =>
    readFunction(reader, { region, namespace, name: row.name }, row, {
      attempt: (what, read) => tracker.read(`${part}/${what}`, read),
      odd: (list) => tracker.odd(`${part}/${list}`),
    }),
  );
}

async function readFunctions(reader: Reader, tracker: PartTracker, region: string, namespace: string) {
  const rows = await tracker.read(`scf/${region}/${namespace}`, () =>
    listFunctions(reader, region, namespace, tracker.odd(`scf/${region}/${namespace}`)),
  );
  const functions = await Promise.all(
    (rows ?? []).map((row) => readOneFunction(reader, tracker, { region, namespace }, row)),
  );
  return functions.filter((fn) => fn !== null);
}

/**
 * Reads the namespaces of a region, and the functions of each by `readOf`. If the list can't be read, all of it is a
 * gap.
 */
export async function readNamespaces(
  reader: Reader,
  tracker: PartTracker,
  region: string,
  readOf: (namespace: string) => Promise<readonly ScfFunction[]>,
): Promise<{ readonly scfNamespaces: readonly ScfNamespace[]; readonly functions: readonly ScfFunction[] }> {
  if (!hasScf(region)) return { scfNamespaces: [], functions: [] };
  const names =
    (await tracker.read(`scf/${region}`, () =>
      listNamespaces(reader, region, tracker.odd(`scf/${region}`)),
    )) ?? [];
  const functions = await Promise.all(names.map(readOf));
  return { scfNamespaces: names.map((name) => ({ region, name })), functions: functions.flat() };
}

/** Reads all of one region: load balancers with their bindings, functions of all namespaces, and the quotas of both. */
export async function readRegion(reader: Reader, tracker: PartTracker, region: string) {
  const [clb, scf, quota, configs, account, networks, zones] = await Promise.all([
    readLoadBalancers(reader, tracker, region),
    readNamespaces(reader, tracker, region, (namespace) => readFunctions(reader, tracker, region, namespace)),
    tracker.read(`clb-quota/${region}`, () => readClbQuota(reader, region)),
    tracker.read(`clb-config/${region}`, () =>
      listCustomConfigs(reader, region, tracker.odd(`clb-config/${region}`)),
    ),
    hasScf(region) ? tracker.read(`scf-account/${region}`, () => readScfAccount(reader, region)) : null,
    tracker.read(`vpc/${region}`, () => {
      const odd = tracker.odd(`vpc/${region}`);
      return Promise.all([listVpcs(reader, region, odd), listSubnets(reader, region, odd)]);
    }),
    tracker.read(`zones/${region}`, () =>
      listAvailabilityZones(reader, region, tracker.odd(`zones/${region}`)),
    ),
  ]);
  return {
    ...clb,
    ...scf,
    clbQuotas: quota === null ? [] : [quota],
    customConfigs: configs ?? [],
    scfAccounts: account === null ? [] : [account],
    vpcs: networks?.[0] ?? [],
    subnets: networks?.[1] ?? [],
    availabilityZones: zones ?? [],
  };
}
