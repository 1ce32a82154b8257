import type { LoadBalancer } from '@/lib/estate/model';
import type { Reader } from './caller';
import { healthBatch, listCustomConfigs, readClbQuota, readHealth } from './clb/account-api';
import { listLoadBalancers, readBindings } from './clb/api';
import { withHealth } from './clb/convert-health';
import type { PartTracker } from './part-tracker';
import { listFunctions } from './scf/api';
import { readScfAccount } from './scf/concurrency-api';
import { readFunction } from './scf/read-function';

/** Health as far as it can be read; classic instances tell theirs by another action. */
async function readHealths(
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
    batches.map((batch) => tracker.read(`clb-health/${region}`, () => readHealth(reader, region, batch))),
  );
  return new Map(found.flatMap((health) => [...(health ?? [])]));
}

async function readLoadBalancers(reader: Reader, tracker: PartTracker, region: string) {
  const loadBalancers = (await tracker.read(`clb/${region}`, () => listLoadBalancers(reader, region))) ?? [];
  const [bindings, health] = await Promise.all([
    Promise.all(
      loadBalancers.map(({ id }) =>
        tracker.read(`clb/${region}/${id}`, () => readBindings(reader, region, id)),
      ),
    ),
    readHealths(reader, tracker, region, loadBalancers),
  ]);
  const found = bindings.filter((each) => each !== null);
  return {
    loadBalancers,
    listeners: found.flatMap(({ listeners }) => listeners.map((each) => withHealth(each, health))),
    rules: found.flatMap(({ rules }) => rules.map((each) => withHealth(each, health))),
  };
}

async function readFunctions(reader: Reader, tracker: PartTracker, region: string, namespace: string) {
  const part = `scf/${region}/${namespace}` as const;
  const rows = await tracker.read(part, () => listFunctions(reader, region, namespace));
  const functions = await Promise.all(
    (rows ?? []).map((row) =>
      tracker.read(`${part}/${row.name}`, () =>
        readFunction(reader, { region, namespace, name: row.name }, row, (what, read) =>
          tracker.read(`${part}/${row.name}/${what}`, read),
        ),
      ),
    ),
  );
  return functions.filter((fn) => fn !== null);
}

/** All of one region: load balancers with their bindings, functions of these namespaces, and what bounds both. */
export async function readRegion(
  reader: Reader,
  tracker: PartTracker,
  region: string,
  namespaces: readonly string[],
) {
  const [clb, functions, quota, configs, account] = await Promise.all([
    readLoadBalancers(reader, tracker, region),
    Promise.all(namespaces.map((namespace) => readFunctions(reader, tracker, region, namespace))),
    tracker.read(`clb-quota/${region}`, () => readClbQuota(reader, region)),
    tracker.read(`clb-config/${region}`, () => listCustomConfigs(reader, region)),
    tracker.read(`scf-account/${region}`, () => readScfAccount(reader, region)),
  ]);
  return {
    ...clb,
    functions: functions.flat(),
    clbQuotas: quota === null ? [] : [quota],
    customConfigs: configs ?? [],
    scfAccounts: account === null ? [] : [account],
  };
}
