import type { ListenerId, LoadBalancerId } from '@/lib/estate/ids';
import { noRule } from '@/lib/estate/look-up';
import type {
  ListenerRef,
  ListenerState,
  LoadBalancerRef,
  LoadBalancerState,
  ObjectRef,
  ObjectState,
  RecordSetState,
  RuleState,
} from '@/lib/estate/object';
import { noListener, objectKey, sameState } from '@/lib/estate/object-state';
import type { Plan, WriteStep } from '@/lib/plan/model/model';
import type { Edit } from './scenario';
import { findStockListener, matchesName, type NewId, readObject, type Stock } from './stock';
import { createStockListener, createStockRule } from './stock-parts';
import { withState } from './with-state';

/** Changes the stock as someone else's edit would. */
type StockChange = (stock: Stock, newId: NewId) => Stock;

const ownTarget = { instanceId: 'ins-theirs', port: 9090, weight: 5 };
const ownFunction: RuleState['functions'][number] = {
  namespace: 'theirs',
  name: 'other',
  qualifier: '7',
  qualifierType: 'VERSION',
  weight: 10,
};
const ownValues = ['203.0.113.77', '203.0.113.78'];

function changedRule(state: RuleState, variant: number): RuleState {
  const bare: RuleState = { kind: 'rule', exists: true, targets: [], functions: [] };
  switch (variant % 5) {
    case 0:
      return state.exists ? noRule : bare;
    case 1:
      return { ...state, exists: true, targets: [...state.targets, ownTarget], functions: [] };
    case 2:
      return { ...state, functions: [] };
    case 3:
      return { ...state, targets: state.targets.map((target) => ({ ...target, weight: 1 })) };
    default:
      return { ...bare, functions: [ownFunction] };
  }
}

function changedRecords({ records }: RecordSetState, variant: number): RecordSetState {
  const [first, ...rest] = records;
  const [here, there] = ownValues;
  const record = { type: 'A', value: there ?? '', ttlS: 60, weight: null, enabled: true };
  const made = (): RecordSetState['records'] => {
    if (first === undefined) return [record];
    const isName = records.some(({ type }) => type === 'CNAME');
    switch (variant % 6) {
      case 0:
        return [{ ...first, value: first.type === 'A' ? (here ?? '') : `theirs-${first.value}` }, ...rest];
      case 1:
        return [{ ...first, ttlS: first.ttlS + 1 }, ...rest];
      case 2:
        return isName ? records : [...records, record];
      case 3:
        return [{ ...first, enabled: !first.enabled && !isName }, ...rest];
      case 4:
        return rest;
      default:
        return [{ ...first, weight: first.weight === null ? 5 : null }, ...rest];
    }
  };
  return { kind: 'recordSet', records: made() };
}

/** Adds someone else's listener to a load balancer of the run. */
function listenerIn(loadBalancerId: LoadBalancerId): StockChange {
  const given = { loadBalancerId, protocol: 'HTTP', port: 8443, name: 'theirs', certificateId: null };
  return (stock, newId) =>
    findStockListener(stock, given) === undefined
      ? { ...stock, listeners: [...stock.listeners, createStockListener(given, newId())] }
      : stock;
}

/** Adds someone else's rule to a listener of the run. */
function ruleIn(loadBalancerId: LoadBalancerId, listenerId: ListenerId): StockChange {
  const ref = { loadBalancerId, listenerId, domain: 'theirs.example.com', url: '/' };
  return (stock, newId) => ({ ...stock, rules: [...stock.rules, createStockRule(ref, newId())] });
}

function changedLoadBalancer(
  ref: LoadBalancerRef,
  stock: Stock,
  variant: number,
): LoadBalancerState | StockChange {
  const named = matchesName(stock, ref);
  const [first] = named;
  if (variant % 3 === 1 && first?.status === 'running') return listenerIn(first.id);
  const count = variant % 3 === 0 && first !== undefined ? 0 : named.length + 1;
  const isOne = count === 1;
  return { kind: 'loadBalancer', count, network: isOne ? 'OPEN' : null, vpcId: isOne ? 'vpc-theirs' : null };
}

function changedListener(ref: ListenerRef, stock: Stock, variant: number): ListenerState | StockChange {
  const found = findStockListener(stock, ref);
  if (found !== undefined && variant % 3 === 0) return noListener;
  if (found !== undefined && variant % 3 === 1) return ruleIn(ref.loadBalancerId, found.id);
  return { kind: 'listener', exists: true, certificateId: 'cert-theirs' };
}

function changed(ref: ObjectRef, stock: Stock, variant: number): ObjectState | StockChange {
  const { state } = readObject(stock, ref);
  if (ref.kind === 'loadBalancer') return changedLoadBalancer(ref, stock, variant);
  if (ref.kind === 'listener') return changedListener(ref, stock, variant);
  if (state.kind === 'rule') return changedRule(state, variant);
  if (state.kind === 'recordSet') return changedRecords(state, variant);
  return { kind: 'provisioned', instances: variant % 2 === 0 ? 3 : 0 };
}

/** Returns the objects that a plan writes to, each once. */
export function listObjects(plan: Plan): readonly ObjectRef[] {
  const writes = plan.steps.filter((step): step is WriteStep => step.kind === 'write');
  return [...new Map(writes.map(({ object }) => [objectKey(object), object])).values()];
}

/** Returns true if it names an object that the run has not created yet; the apex of a zone is a plain `@`. */
function namesUnmade(value: object): boolean {
  return /"@[^"]/.test(JSON.stringify(value));
}

function isThere(ref: ObjectRef, stock: Stock): boolean {
  return ref.kind !== 'listener' && ref.kind !== 'rule'
    ? true
    : stock.loadBalancers.some(({ id, status }) => id === ref.loadBalancerId && status === 'running') &&
        (ref.kind === 'listener' || stock.listeners.some(({ id }) => id === ref.listenerId));
}

/**
 * Returns the object that someone else changes, and the change.
 * @param plan with known values substituted for its placeholders
 * @returns null if there is nothing to change yet
 */
export function buildEdit(
  plan: Plan,
  edit: Edit,
  stock: Stock,
): { readonly ref: ObjectRef; readonly change: StockChange } | null {
  const objects = listObjects(plan);
  const ref = objects[edit.object % objects.length];
  if (ref === undefined || namesUnmade(ref) || !isThere(ref, stock)) return null;
  const steps = plan.steps.filter(
    (s): s is WriteStep => s.kind === 'write' && objectKey(s.object) === objectKey(ref),
  );
  const made =
    edit.kind === 'own' ? changed(ref, stock, edit.variant) : steps[edit.step % steps.length]?.[edit.state];
  if (made === undefined) return null;
  if (typeof made === 'function') return { ref, change: made };
  if (namesUnmade(made) || sameState(readObject(stock, ref).state, made)) return null;
  return { ref, change: (now, newId) => withState(now, { ref, state: made }, newId) };
}
