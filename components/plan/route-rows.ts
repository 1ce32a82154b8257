import { addressRecordsOf, hostNameOf, leadsTo, ruleStateOf } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import { type RecordState, type RuleRef, recordKey } from '@/lib/estate/object';
import type { Plan, WriteStep } from '@/lib/plan/model';
import { type Backend, backendHop, type Hop, listenerHop, loadBalancerHop, recordHop } from './route-hops';

/** One way that a domain's traffic takes: stays as it is, ends when DNS moves, or begins then. */
export type RouteRow = {
  readonly id: string;
  readonly change: 'same' | 'gone' | 'new';
  readonly record: Hop;
  readonly loadBalancer: Hop;
  readonly listener: Hop;
  readonly rule: Hop;
  readonly backend: Backend;
};

type Lane = Plan['diversion']['laneA'] | Plan['diversion']['laneB'];
const unknown: Hop = { name: '', detail: { key: 'unknown', values: {} } };

/** The routes before and after a plan. Names come from the estate, as far as it still has the objects. */
export function routeRows(plan: Plan, estate: Estate | null): readonly RouteRow[] {
  return (['laneA', 'laneB'] as const).flatMap((name) => laneRows(plan, plan.diversion[name], name, estate));
}

function laneRows(plan: Plan, lane: Lane, id: string, estate: Estate | null): RouteRow[] {
  const writes = plan.steps.filter((step) => step.kind === 'write');
  const dns = writes.filter((s) => s.object.kind === 'recordSet' && hostNameOf(s.object) === lane.domain);
  const rule = writes.filter(
    (s) =>
      s.object.kind === 'rule' && s.object.listenerId === lane.listenerId && s.object.domain === lane.domain,
  );
  const [before, after] = [recordsOf(dns[0]?.before), recordsOf(dns.at(-1)?.after)];
  const now = before.length > 0 ? before : enabledRecords(estate, lane.domain);
  const arrived = after.filter((r) => !now.some((old) => recordKey(old) === recordKey(r)));
  const gone = now.filter((r) => dns.length > 0 && !after.some((next) => recordKey(next) === recordKey(r)));
  const target = targetRoute(plan, lane, rule, estate);
  const rows: RouteRow[] = gone.map((record) => ({
    id: `${id}-gone-${recordKey(record)}`,
    change: 'gone',
    record: recordHop(lane.domain, record, 'record'),
    ...oldRoute(estate, lane.domain, record),
  }));
  if (dns.length === 0) {
    const change = rule.length === 0 ? 'same' : 'new';
    return [...rows, { id, change, record: recordHop(lane.domain, now[0], 'record'), ...target }];
  }
  return [
    ...rows,
    { id, change: 'new', record: recordHop(lane.domain, arrived[0] ?? after[0], 'newRecord'), ...target },
  ];
}

type RestOfRoute = Pick<RouteRow, 'loadBalancer' | 'listener' | 'rule' | 'backend'>;

function targetRoute(
  plan: Plan,
  lane: Lane,
  ruleSteps: readonly WriteStep[],
  estate: Estate | null,
): RestOfRoute {
  const ref = ruleSteps[0]?.object;
  const known =
    lane.rule.kind === 'existing'
      ? estate?.rules.find((r) => lane.rule.kind === 'existing' && r.id === lane.rule.ruleId)
      : undefined;
  const last = ruleSteps.at(-1)?.after;
  const state = last?.kind === 'rule' ? last : known ? ruleStateOf(known) : null;
  const isNew = ruleSteps.some((s) => s.before.kind === 'rule' && !s.before.exists);
  return {
    loadBalancer: loadBalancerHop(estate, lane.loadBalancerId),
    listener: listenerHop(estate, lane.loadBalancerId, lane.listenerId),
    rule: {
      name: ruleUrl(ref?.kind === 'rule' ? ref : undefined, lane, known?.url),
      detail: isNew
        ? { key: 'newRule', values: {} }
        : { key: 'id', values: { id: lane.rule.kind === 'existing' ? lane.rule.ruleId : '' } },
    },
    backend: backendHop(state, known?.targets, ruleSteps.length > 0 ? plannedFunction(plan, lane) : null),
  };
}

function oldRoute(estate: Estate | null, domain: string, record: RecordState): RestOfRoute {
  const lb = estate?.loadBalancers.find((candidate) => leadsTo(record, candidate));
  const rule = estate?.rules.find((r) => r.loadBalancerId === lb?.id && r.domain === domain);
  if (estate === null || lb === undefined) {
    const loadBalancer: Hop = { name: record.value, detail: { key: 'unknown', values: {} } };
    return { loadBalancer, listener: unknown, rule: unknown, backend: { ...unknown, kind: 'none' } };
  }
  return {
    loadBalancer: loadBalancerHop(estate, lb.id),
    listener: rule ? listenerHop(estate, lb.id, rule.listenerId) : unknown,
    rule: rule ? { name: rule.url, detail: { key: 'kept', values: {} } } : unknown,
    backend: backendHop(rule ? ruleStateOf(rule) : null, rule?.targets, null),
  };
}

function recordsOf(state: WriteStep['before'] | undefined): RecordState[] {
  return state?.kind === 'recordSet' ? state.records.filter((r) => r.enabled) : [];
}

function enabledRecords(estate: Estate | null, domain: string): RecordState[] {
  return estate === null ? [] : addressRecordsOf(estate, domain).filter((r) => r.enabled);
}

function ruleUrl(ref: RuleRef | undefined, lane: Lane, known: string | undefined): string {
  return ref?.url ?? known ?? (lane.rule.kind === 'new' ? lane.rule.url : '/');
}

function plannedFunction(plan: Plan, lane: Lane): string | null {
  if (!('function' in lane)) return null;
  const { namespace, name, qualifier } = plan.diversion.laneB.function;
  return `${namespace}/${name}:${qualifier}`;
}
