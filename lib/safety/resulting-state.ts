import { listLedTo } from '@/lib/estate/dns-target';
import { canServeBy } from '@/lib/estate/functions/apply-function-change';
import {
  addressRecordTypes,
  listRules as estateRules,
  findFunction,
  getHostName,
  getRecordSetState,
  indexed,
  listAddressRecords,
  listListeners,
  ruleAt,
} from '@/lib/estate/look-up';
import { type Matchable, rulesOfSite } from '@/lib/estate/match-rule';
import type { Estate, LoadBalancer, Rule } from '@/lib/estate/model';
import type { ObjectRef, ObjectState, RecordState, RuleState } from '@/lib/estate/object';
import { objectKey } from '@/lib/estate/object-state';
import { getOwner } from '@/lib/estate/owner';
import { isSameTarget } from '@/lib/estate/target';
import type { WriteStep } from '@/lib/plan/model/model';

/*
 * The state after some writes of a plan: the estate, with the `after` of the last write to each object. Nothing is
 * simulated, because each step already has the state that it leaves.
 */

/** The sides of a domain: its servers, and its function. */
export const domainSides = ['cvm', 'function'] as const;
export type DomainSide = (typeof domainSides)[number];

type Written = { readonly object: ObjectRef; readonly state: ObjectState };

export type ResultingState = { readonly estate: Estate; readonly written: ReadonlyMap<string, Written> };

/** Returns the state of an estate after some writes, in their order. */
export function resultingState(estate: Estate, writes: readonly WriteStep[]): ResultingState {
  return {
    estate,
    written: new Map(
      writes.map(({ object, after }) => [objectKey(object), { object, state: after }] as const),
    ),
  };
}

/** Returns the state of an estate before the writes of a plan, also if some of them are in effect already. */
export function originalState(estate: Estate, writes: readonly WriteStep[]): ResultingState {
  return {
    estate,
    // The first write of an object is added last, so that it counts.
    written: new Map(
      writes
        .toReversed()
        .map(({ object, before }) => [objectKey(object), { object, state: before }] as const),
    ),
  };
}

/** Returns the same after one more write. */
export function withWrite({ estate, written }: ResultingState, { object, after }: WriteStep): ResultingState {
  return { estate, written: new Map(written).set(objectKey(object), { object, state: after }) };
}

/** Returns the address records of a name, of all its lines. */
function listRecords({ estate, written }: ResultingState, host: string): readonly RecordState[] {
  const states = new Map<string, readonly RecordState[]>();
  for (const record of listAddressRecords(estate, host)) {
    const { zone, subdomain, line, lineId } = record;
    const ref = { kind: 'recordSet', zone, subdomain, line, lineId } as const;
    const key = `${zone} ${lineId}`;
    if (!states.has(key)) states.set(key, getRecordSetState(estate, ref).records);
  }
  for (const { object, state } of written.values())
    if (object.kind === 'recordSet' && state.kind === 'recordSet' && getHostName(object) === host)
      states.set(`${object.zone} ${object.lineId}`, state.records);
  return [...states.values()].flat();
}

/** A rule as it will be, and as it was read; undefined = it is new. */
type RuleAfter = Matchable & {
  readonly read: Rule | undefined;
  readonly state: Pick<RuleState, 'targets' | 'functions'>;
};

/** Looks rules of a listener up by the hosts that they name; '' = by a wildcard or an expression. */
const rulesByHost = indexed((rule: Rule) =>
  rule.domains.map((domain) => (/[*~]/.test(domain) ? '' : domain.toLowerCase())),
);

/** Returns the rules of a listener that may answer for a host as its own site. */
function listRules({ estate, written }: ResultingState, id: string, host: string): readonly RuleAfter[] {
  const changed = [...written.values()].flatMap(({ object, state }) =>
    object.kind === 'rule' && state.kind === 'rule' && object.listenerId === id
      ? [{ object, state, rule: ruleAt(estate, object) }]
      : [],
  );
  const all = estateRules(estate, id);
  const naming = new Set([...rulesByHost(all, host.toLowerCase()), ...rulesByHost(all, '')]);
  const known = [...naming].flatMap((rule): readonly RuleAfter[] => {
    const { domain, domains, url, isDefault, createdAt } = rule;
    const state = changed.find((each) => each.rule === rule)?.state;
    if (state?.exists === false) return [];
    return [{ domain, domains, url, isDefault, createdAt, read: rule, state: state ?? rule }];
  });
  const made = changed.flatMap(({ object, state, rule }): readonly RuleAfter[] => {
    if (rule !== undefined || !state.exists) return [];
    const { domain, url } = object;
    return [{ domain, domains: [domain], url, isDefault: false, createdAt: null, read: undefined, state }];
  });
  return [...known, ...made];
}

/** Returns whether a rule has a target that gets requests. A target that is not checked, or new, counts as healthy. */
function hasHealthyTarget({ read, state }: RuleAfter): boolean {
  return state.targets.some(
    (target) =>
      target.weight > 0 && read?.targets.find((each) => isSameTarget(each, target))?.health !== 'dead',
  );
}

/** Returns whether a rule has a function whose version or alias exists and can be called. */
function hasFunction({ estate }: ResultingState, { state }: RuleAfter, balancer: LoadBalancer): boolean {
  return state.functions.some(({ namespace, name, qualifier, weight }) => {
    const place = { ...getOwner(balancer), region: balancer.region, namespace, name };
    const fn = findFunction(estate, place);
    if (weight === 0 || fn === undefined || fn.status.endsWith('Failed')) return false;
    if (!canServeBy(fn, qualifier)) return false;
    return fn.availableStatus === null || fn.availableStatus === 'Available';
  });
}

/** Returns the sides of a domain that serve behind a load balancer. */
function listSidesBehind(state: ResultingState, balancer: LoadBalancer, host: string): readonly DomainSide[] {
  if (balancer.isolated || balancer.blocked || balancer.stopped === true) return [];
  const rules = listListeners(state.estate, balancer.id)
    .filter(({ stopped }) => stopped !== true)
    .flatMap(({ id }) => rulesOfSite(listRules(state, id, host), host));
  return domainSides.filter((side) =>
    rules.some((rule) => (side === 'cvm' ? hasHealthyTarget(rule) : hasFunction(state, rule, balancer))),
  );
}

/** The serving sides of a domain behind load balancers. */
export type SidesBehind = Map<LoadBalancer, readonly DomainSide[]>;

/**
 * Returns the sides of a domain that serve: see `AssertionRule`. A load balancer or a listener that is
 * stopped does not, and the default domain of another name neither.
 * @param behind those known already, to which others are added: only a write of a rule changes them
 */
export function listServingSides(
  state: ResultingState,
  host: string,
  behind: SidesBehind = new Map(),
): ReadonlySet<DomainSide> {
  const enabled = listRecords(state, host).filter((record) => record.enabled);
  const balancers = new Set(enabled.flatMap((record) => listLedTo(state.estate, record)));
  return new Set(
    [...balancers].flatMap((balancer) => {
      const sides = behind.get(balancer) ?? listSidesBehind(state, balancer, host);
      behind.set(balancer, sides);
      return sides;
    }),
  );
}

/** Returns the names in an estate that answer with address records, or that rules name without a wildcard. */
export function listHostNames({ records, rules }: Pick<Estate, 'records' | 'rules'>): ReadonlySet<string> {
  const answering = records.filter(({ type }) => addressRecordTypes.includes(type)).map(getHostName);
  const named = rules.flatMap((rule) => rule.domains).filter((domain) => !/[*~]/.test(domain));
  return new Set([...answering, ...named].map((host) => host.toLowerCase()));
}
