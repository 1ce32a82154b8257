import type { Route } from '@/lib/diversion/route';
import { leadsTo } from '@/lib/estate/dns-target';
import { findRule, getHostName, getRuleState, listAddressRecords } from '@/lib/estate/look-up';
import type { Estate, Rule } from '@/lib/estate/model';
import type { RecordState } from '@/lib/estate/object';
import { recordKey } from '@/lib/estate/object-state';
import { getShare } from '@/lib/estate/record-shares';
import { anticipate } from '@/lib/plan/model/anticipate';
import type { Plan, WriteStep } from '@/lib/plan/model/model';
import {
  backendHop,
  type Hop,
  type HopBackend,
  listenerHop,
  loadBalancerHop,
  missingText,
  recordHop,
  shareHop,
} from './route-hops';

/** One path of a domain's traffic: it stays as it is, takes another share, ends when DNS moves, or begins then. */
export type RouteRow = {
  readonly id: string;
  readonly change: 'same' | 'share' | 'gone' | 'new';
  readonly record: Hop;
  readonly loadBalancer: Hop;
  readonly listener: Hop;
  readonly rule: Hop;
  readonly backend: HopBackend;
};

/** Returns the routes before and after a plan. Names come from the estate, as far as it still has the objects. */
export function routeRows(plan: Plan, estate: Estate | null): readonly RouteRow[] {
  const known = estate === null ? null : anticipate(estate, plan.diversion);
  const routes = (known?.routes ?? plan.diversion.routes).map((route, index) => ({ route, index }));
  const names = [...new Set(routes.map(({ route }) => route.domain))];
  return names.flatMap((name) => {
    const own = routes.filter(({ route }) => route.domain === name && isMoved(plan, route));
    return nameRows(plan, name, own, known?.estate ?? null);
  });
}

/**
 * Returns whether a route is moved to: in a Switch only on the gaining side, because the records point at the other
 * side before.
 */
function isMoved({ diversion }: Plan, route: Route): boolean {
  return diversion.kind !== 'switch' || route.to === diversion.toward;
}

function nameRows(
  plan: Plan,
  name: string,
  routes: readonly { readonly route: Route; readonly index: number }[],
  estate: Estate | null,
): RouteRow[] {
  const writes = plan.steps.filter((step) => step.kind === 'write');
  const dns = writes.filter(
    (s) => s.phase === 'divert' && s.object.kind === 'recordSet' && getHostName(s.object) === name,
  );
  if (plan.diversion.kind === 'switch' && dns.length > 0) {
    const lineIds = new Set(
      dns.flatMap(({ object }) => (object.kind === 'recordSet' ? [object.lineId] : [])),
    );
    return [...lineIds].flatMap((lineId) => {
      const line = dns.filter(({ object }) => object.kind === 'recordSet' && object.lineId === lineId);
      return shareRows(name, line, routes, writes, estate);
    });
  }
  const [before, after] = [listRecords(dns[0]?.before), listRecords(dns.at(-1)?.after)];
  const now = before.length > 0 ? before : enabledRecords(estate, name);
  const arrived = after.filter((r) => !now.some((old) => recordKey(old) === recordKey(r)));
  const gone = now.filter((r) => dns.length > 0 && !after.some((next) => recordKey(next) === recordKey(r)));
  const rows: RouteRow[] = gone.map((record) => ({
    id: `${name}-gone-${recordKey(record)}`,
    change: 'gone',
    record: recordHop(name, record, 'record'),
    ...oldRoute(estate, name, record),
  }));
  return [
    ...rows,
    ...routes.map(({ route, index }): RouteRow => {
      const rule = writes.filter((step) => isRuleOf(step, route));
      const change = dns.length > 0 || rule.length > 0 ? 'new' : 'same';
      const record =
        dns.length > 0
          ? recordHop(name, arrived[0] ?? after[0], 'newRecord')
          : recordHop(name, now[0], 'record');
      return { id: `route-${index}`, change, record, ...targetRoute(route, rule, estate) };
    }),
  ];
}

/**
 * Returns the rows of one line of a switched name: each record that answers before or after, with both shares. The
 * records of the gaining side are found by its load balancer, or without the estate by a share that grows.
 */
function shareRows(
  name: string,
  line: readonly WriteStep[],
  routes: readonly { readonly route: Route; readonly index: number }[],
  writes: readonly WriteStep[],
  estate: Estate | null,
): RouteRow[] {
  const object = line[0]?.object;
  const [before, after] = [line[0]?.before, line.at(-1)?.after].map((state) =>
    state?.kind === 'recordSet' ? state.records : [],
  );
  if (before === undefined || after === undefined || object?.kind !== 'recordSet') return [];
  const { lineId } = object;
  const gaining = estate?.loadBalancers.find(({ id }) => id === routes[0]?.route.loadBalancerId);
  const all = new Map([...before, ...after].map((record) => [recordKey(record), record]));
  return [...all].flatMap(([key, record]): RouteRow[] => {
    const shares = [before, after].map((records) =>
      getShare(
        records.filter(({ type }) => type === record.type),
        (each) => recordKey(each) === key,
      ),
    );
    const [from = null, to = null] = shares;
    if (from === 0 && to === 0) return [];
    const change = from === 0 ? 'new' : to === 0 ? 'gone' : 'share';
    const isNew = !before.some((each) => recordKey(each) === key);
    const hop = shareHop(name, record, { from, to, isNew, line: object });
    const isGaining = gaining ? leadsTo(record, gaining) : (to ?? 0) > (from ?? 0);
    if (!isGaining) {
      const id = `${name}-${lineId}-${key}`;
      return [{ id, change, record: hop, ...oldRoute(estate, name, record) }];
    }
    return routes.map(({ route, index }) => {
      const rule = writes.filter((step) => isRuleOf(step, route));
      return {
        id: `route-${index}-${lineId}-${key}`,
        change,
        record: hop,
        ...targetRoute(route, rule, estate),
      };
    });
  });
}

function isRuleOf({ object }: WriteStep, { listenerId, domain }: Route): boolean {
  return object.kind === 'rule' && object.listenerId === listenerId && object.domain === domain;
}

type RestOfRoute = Pick<RouteRow, 'loadBalancer' | 'listener' | 'rule' | 'backend'>;

function targetRoute(route: Route, allSteps: readonly WriteStep[], estate: Estate | null): RestOfRoute {
  const { rule: choice } = route;
  const known = estate === null ? undefined : findChosenRule(estate, route);
  const url = known?.url ?? (choice.kind === 'new' ? choice.url : '/');
  const ruleSteps = allSteps.filter(({ object }) => object.kind === 'rule' && object.url === url);
  const last = ruleSteps.at(-1)?.after;
  const state = last?.kind === 'rule' ? last : known ? getRuleState(known) : null;
  const isNew = ruleSteps.some((s) => s.before.kind === 'rule' && !s.before.exists);
  const id = known?.id ?? (choice.kind === 'new' ? null : choice.ruleId);
  return {
    loadBalancer: loadBalancerHop(estate, route.loadBalancerId),
    listener: listenerHop(estate, route.loadBalancerId, route.listenerId),
    rule: {
      name: url,
      detail: isNew ? { key: 'newRule', values: {} } : id === null ? null : { key: 'id', values: { id } },
    },
    backend: backendHop(state, known?.targets, ruleSteps.length > 0 ? plannedFunction(route) : null, estate),
  };
}

/** A rule to create exists already if the plan continues a run that created it. */
function findChosenRule(estate: Estate, { rule, listenerId, domain }: Route): Rule | undefined {
  if (rule.kind === 'new') return findRule(estate, listenerId, domain, rule.url);
  return estate.rules.find(({ id }) => id === rule.ruleId);
}

function oldRoute(estate: Estate | null, domain: string, record: RecordState): RestOfRoute {
  const lb = estate?.loadBalancers.find((candidate) => leadsTo(record, candidate));
  const rule = estate?.rules.find((r) => r.loadBalancerId === lb?.id && r.domain === domain);
  const unknown: Hop = { name: '', detail: missingText(estate) };
  if (estate === null || lb === undefined) {
    const loadBalancer: Hop = { ...unknown, name: record.value };
    return { loadBalancer, listener: unknown, rule: unknown, backend: { ...unknown, kind: 'none' } };
  }
  return {
    loadBalancer: loadBalancerHop(estate, lb.id),
    listener: rule ? listenerHop(estate, lb.id, rule.listenerId) : unknown,
    rule: rule ? { name: rule.url, detail: { key: 'kept', values: {} } } : unknown,
    backend: backendHop(rule ? getRuleState(rule) : null, rule?.targets, null, estate),
  };
}

function listRecords(state: WriteStep['before'] | undefined): RecordState[] {
  return state?.kind === 'recordSet' ? state.records.filter((r) => r.enabled) : [];
}

function enabledRecords(estate: Estate | null, domain: string): RecordState[] {
  return estate === null ? [] : listAddressRecords(estate, domain).filter((r) => r.enabled);
}

function plannedFunction(route: Route): string | null {
  if (route.to === 'cvm') return null;
  const { namespace, name, qualifier } = route.function;
  return `${namespace}/${name}:${qualifier}`;
}
