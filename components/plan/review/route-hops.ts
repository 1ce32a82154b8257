import { hasUnreadLoadBalancers } from '@/lib/estate/gaps';
import { findListener, findLoadBalancer } from '@/lib/estate/look-up';
import type { Estate, Target } from '@/lib/estate/model';
import type { RecordSetRef, RecordState, RuleState } from '@/lib/estate/object';
import { poolName } from '@/lib/estate/pool-name';
import { targetText } from '@/lib/estate/target';
import { isPlanned } from '@/lib/plan/model/anticipate';

/** A text of a hop: a message key below `plan.hop` with its values. */
type HopText = { readonly key: string; readonly values: Readonly<Record<string, string | number>> };
export type Hop = { readonly name: string; readonly detail: HopText | null };
export type HopBackend = Hop & { readonly kind: 'cvm' | 'scf' | 'none' };

/** Returns the text for an object that is not in the estate: it may exist if a part could not be read. */
export function missingText(estate: Estate | null): HopText {
  return { key: estate !== null && hasUnreadLoadBalancers(estate) ? 'unread' : 'unknown', values: {} };
}

/** Returns the hop of the record that serves a domain, or of a missing one. */
export function recordHop(domain: string, record: RecordState | undefined, key: 'record' | 'newRecord'): Hop {
  if (record === undefined) return { name: domain, detail: null };
  return { name: domain, detail: { key, values: { type: record.type, value: record.value } } };
}

type RecordShares = {
  /** In %, before and after the plan; null = undocumented. */
  readonly from: number | null;
  readonly to: number | null;
  readonly isNew: boolean;
  readonly line: Pick<RecordSetRef, 'line' | 'lineId'>;
};

/** Returns the hop of a record of a Switch, with its share of the answers of its line before and after. */
export function shareHop(
  domain: string,
  { type, value }: RecordState,
  { from, to, isNew, line: { line, lineId } }: RecordShares,
): Hop {
  const percent = (share: number | null) => (share === null ? 'unknown' : Math.round(share));
  const values = { type, value, line, lineId, isNew: String(isNew), from: percent(from), to: percent(to) };
  return { name: domain, detail: { key: 'recordShare', values } };
}

/** Returns the hop of a load balancer, by its name if the estate still has it. */
export function loadBalancerHop(estate: Estate | null, id: string): Hop {
  const lb = estate === null ? undefined : findLoadBalancer(estate, id);
  if (lb === undefined) return { name: id, detail: missingText(estate) };
  const key = isPlanned(lb) ? 'newInRegion' : 'region';
  return { name: lb.name || lb.id, detail: { key, values: { region: lb.region } } };
}

/** Returns the hop of a listener, by protocol and port if the estate still has it. */
export function listenerHop(estate: Estate | null, loadBalancerId: string, id: string): Hop {
  const listener = estate === null ? undefined : findListener(estate, loadBalancerId, id);
  if (listener === undefined) return { name: id, detail: missingText(estate) };
  const detail: HopText = isPlanned(listener)
    ? { key: 'newListener', values: {} }
    : { key: 'id', values: { id } };
  return { name: `${listener.protocol}:${listener.port}`, detail };
}

/** Returns the hop of a rule's backend: a planned or bound function, otherwise its pool of targets. */
export function backendHop(
  state: RuleState | null,
  targets: readonly Target[] | undefined,
  planned: string | null,
  estate: Estate | null,
): HopBackend {
  const fn = state?.functions.at(-1);
  if (planned !== null || fn !== undefined) {
    const name = planned ?? (fn ? `${fn.namespace}/${fn.name}:${fn.qualifier}` : '');
    return { kind: 'scf', name, detail: { key: planned === null ? 'function' : 'newFunction', values: {} } };
  }
  if (state !== null && state.targets.length > 0) {
    const [first] = state.targets;
    const name = poolName(targets ?? []) || (first === undefined ? '' : targetText(first));
    return { kind: 'cvm', name, detail: { key: 'targets', values: { count: state.targets.length } } };
  }
  const detail = state === null ? missingText(estate) : { key: 'noBackend', values: {} };
  return { kind: 'none', name: '', detail };
}
