import type { Reading } from '@/lib/cloud/port';
import { loadBalancerReading } from '@/lib/cloud/tencent/read-made';
import { getHostName, getRecordSetState, getRuleState, listAddressRecords } from '@/lib/estate/look-up';
import type { DnsRecord, Estate, Listener, LoadBalancer, Rule } from '@/lib/estate/model';
import type { ListenerRef, ObjectRef, ProvisionedRef, RecordSetRef, RuleRef } from '@/lib/estate/object';
import { noListener, recordKey } from '@/lib/estate/object-state';

/** The requested number of instances of a version. */
export type StockProvisioned = Omit<ProvisionedRef, 'kind'> & { readonly instances: number };

/** The model cloud's part of an estate: the objects that plans touch. Never changed in place. */
export type Stock = {
  readonly rules: readonly Rule[];
  readonly records: readonly DnsRecord[];
  readonly loadBalancers: readonly LoadBalancer[];
  readonly listeners: readonly Listener[];
  /** Only versions with a request. */
  readonly provisioned: readonly StockProvisioned[];
};

/** Returns ids for created objects: each call returns a new one. */
export type NewId = () => number;

/** Returns the stock of an estate. */
export function createStock(estate: Estate): Stock {
  const { rules, records, loadBalancers, listeners, functions } = estate;
  const provisioned = functions.flatMap(({ region, namespace, name, provisioned: settings }) =>
    (settings ?? []).map(({ qualifier, allocated }) => ({
      region,
      namespace,
      name,
      qualifier,
      instances: allocated,
    })),
  );
  return { rules, records, loadBalancers, listeners, provisioned };
}

export function findStockRule(stock: Stock, ref: RuleRef): Rule | undefined {
  return stock.rules.find(
    (rule) => rule.listenerId === ref.listenerId && rule.domain === ref.domain && rule.url === ref.url,
  );
}

export function listStockRecords(stock: Stock, ref: RecordSetRef): readonly DnsRecord[] {
  return listAddressRecords({ records: [...stock.records] }, getHostName(ref)).filter(
    (record) => record.zone === ref.zone && record.lineId === ref.lineId,
  );
}

/** Returns the load balancers of a name. */
export function matchesName(stock: Stock, { region, name }: { region: string; name: string }) {
  return stock.loadBalancers.filter((lb) => lb.region === region && lb.name === name);
}

export function findStockListener(
  stock: Stock,
  ref: Omit<ListenerRef, 'kind' | 'region'>,
): Listener | undefined {
  const { loadBalancerId, protocol, port } = ref;
  return stock.listeners.find(
    (each) => each.loadBalancerId === loadBalancerId && each.protocol === protocol && each.port === port,
  );
}

export function matchesProvisioned(ref: Omit<ProvisionedRef, 'kind'>) {
  return ({ region, namespace, name, qualifier }: StockProvisioned): boolean =>
    region === ref.region && namespace === ref.namespace && name === ref.name && qualifier === ref.qualifier;
}

/** Returns the requested number of instances of a version. */
export function countInstances(stock: Stock, ref: Omit<ProvisionedRef, 'kind'>): number {
  return stock.provisioned.find(matchesProvisioned(ref))?.instances ?? 0;
}

/** Returns one object as the cloud reports it. */
export function readObject(stock: Stock, ref: ObjectRef): Omit<Reading, 'at'> {
  switch (ref.kind) {
    case 'rule': {
      const rule = findStockRule(stock, ref);
      return { state: getRuleState(rule), ids: rule === undefined ? {} : { LocationId: rule.id } };
    }
    case 'recordSet': {
      const ids = listStockRecords(stock, ref).map((record) => [recordKey(record), record.id]);
      const state = getRecordSetState({ records: [...stock.records] }, ref);
      return { state, ids: Object.fromEntries(ids) };
    }
    case 'loadBalancer':
      return loadBalancerReading(
        'id' in ref ? stock.loadBalancers.filter(({ id }) => id === ref.id) : matchesName(stock, ref),
      );
    case 'listener': {
      const found = findStockListener(stock, ref);
      if (found === undefined) return { state: noListener, ids: {} };
      const { id, certificateId } = found;
      return { state: { kind: 'listener', exists: true, certificateId }, ids: { ListenerId: id } };
    }
    case 'provisioned':
      return { state: { kind: 'provisioned', instances: countInstances(stock, ref) }, ids: {} };
  }
}

/** Returns the content of a load balancer or a listener, which would be deleted with it. */
export function listStockInside(stock: Stock, id: string): readonly string[] {
  return [
    ...stock.listeners.filter((listener) => listener.loadBalancerId === id).map((listener) => listener.id),
    ...stock.rules.filter((rule) => rule.listenerId === id).map((rule) => `${rule.domain}${rule.url}`),
  ];
}

/** Returns the stock without a load balancer or listener and its content, which the cloud deletes with it. */
export function withoutPlace(stock: Stock, id: string): Stock {
  const isIn = (thing: { readonly loadBalancerId: string }) => thing.loadBalancerId === id;
  return {
    ...stock,
    loadBalancers: stock.loadBalancers.filter((lb) => lb.id !== id),
    listeners: stock.listeners.filter((listener) => listener.id !== id && !isIn(listener)),
    rules: stock.rules.filter((rule) => rule.listenerId !== id && !isIn(rule)),
  };
}
