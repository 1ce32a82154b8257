import type {
  ListenerRef,
  ListenerState,
  LoadBalancerRef,
  LoadBalancerState,
  ObjectRef,
  ObjectState,
  ProvisionedRef,
  RecordSetRef,
  RecordState,
  RuleRef,
  RuleState,
} from '@/lib/estate/object';
import { recordKey } from '@/lib/estate/object-state';
import { invariant } from '@/lib/invariant';
import {
  findStockListener,
  findStockRule,
  listStockRecords,
  matchesName,
  matchesProvisioned,
  type NewId,
  type Stock,
  withoutPlace,
} from './stock';
import {
  createStockListener,
  createStockLoadBalancer,
  createStockRule,
  newRecord,
  runningLoadBalancer,
  toTarget,
} from './stock-parts';

/** An object and one of its states. */
export type StateOfObject = { readonly ref: ObjectRef; readonly state: ObjectState };

function withRule(stock: Stock, ref: RuleRef, state: RuleState, newId: NewId): Stock {
  const old = findStockRule(stock, ref);
  const others = stock.rules.filter((rule) => rule !== old);
  if (!state.exists) return { ...stock, rules: others };
  const base = old ?? createStockRule(ref, newId());
  const rule = { ...base, targets: state.targets.map(toTarget), functions: state.functions };
  return { ...stock, rules: [...others, rule] };
}

/** Sets a name's records. They keep their ids if they stay, or if one replaces another. */
function withRecords(stock: Stock, ref: RecordSetRef, states: readonly RecordState[], newId: NewId): Stock {
  const old = listStockRecords(stock, ref);
  const others = stock.records.filter((record) => !old.includes(record));
  const isNew = (state: RecordState) => !old.some((record) => recordKey(record) === recordKey(state));
  const free = old.filter((record) => !states.some((state) => recordKey(state) === recordKey(record)));
  const records = states.map((state) => {
    const same = isNew(state) ? free.shift() : old.find((record) => recordKey(record) === recordKey(state));
    return same === undefined ? newRecord(ref, state, newId()) : { ...same, ...state };
  });
  return { ...stock, records: [...others, ...records] };
}

/**
 * Sets the number of load balancers of the name to that of the state: new ones run at once, the newest are removed
 * first.
 */
function withLoadBalancers(
  stock: Stock,
  ref: LoadBalancerRef,
  state: LoadBalancerState,
  newId: NewId,
): Stock {
  const { region, name } = ref;
  const named = matchesName(stock, ref);
  const kept = named.slice(state.count).reduce((rest: Stock, { id }) => withoutPlace(rest, id), stock);
  const missing = Math.max(0, state.count - named.length);
  const made = Array.from({ length: missing }, () => {
    const { network, vpcId } = state;
    const given = { region, name, network: network ?? 'OPEN', vpcId: vpcId ?? 'vpc-theirs' } as const;
    return runningLoadBalancer(createStockLoadBalancer(given, newId()));
  });
  return { ...kept, loadBalancers: [...kept.loadBalancers, ...made] };
}

function withListener(stock: Stock, ref: ListenerRef, state: ListenerState, newId: NewId): Stock {
  const old = findStockListener(stock, ref);
  if (!state.exists) return old === undefined ? stock : withoutPlace(stock, old.id);
  const { certificateId } = state;
  const others = stock.listeners.filter((each) => each !== old);
  const made = old ?? createStockListener({ ...ref, name: 'theirs', certificateId }, newId());
  return { ...stock, listeners: [...others, { ...made, certificateId }] };
}

/** Sets the requested number of instances of a version. */
export function withInstances(stock: Stock, ref: Omit<ProvisionedRef, 'kind'>, instances: number): Stock {
  const { region, namespace, name, qualifier } = ref;
  const isIt = matchesProvisioned(ref);
  const others = stock.provisioned.filter((each) => !isIt(each));
  return {
    ...stock,
    provisioned: instances === 0 ? others : [...others, { region, namespace, name, qualifier, instances }],
  };
}

/** Returns the stock after someone has put an object into this state manually. */
export function withState(stock: Stock, { ref, state }: StateOfObject, newId: NewId): Stock {
  if (ref.kind === 'rule' && state.kind === 'rule') return withRule(stock, ref, state, newId);
  if (ref.kind === 'recordSet' && state.kind === 'recordSet')
    return withRecords(stock, ref, state.records, newId);
  if (ref.kind === 'loadBalancer' && state.kind === 'loadBalancer')
    return withLoadBalancers(stock, ref, state, newId);
  if (ref.kind === 'listener' && state.kind === 'listener') return withListener(stock, ref, state, newId);
  invariant(ref.kind === 'provisioned' && state.kind === 'provisioned', 'the state is one of this object');
  return withInstances(stock, ref, state.instances);
}
