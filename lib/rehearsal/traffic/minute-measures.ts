import type { SidedEstate } from '@/lib/estate/bindings/side-routes';
import { ListenerId, LoadBalancerId, RuleId } from '@/lib/estate/ids';
import { type Measured, type MeasuredRoute, roundMeasure } from '@/lib/estate/measure';
import type { TrafficPoint } from '@/lib/run/model/diverted-traffic';
import { backendsOfRule } from '@/lib/sandbox/model/clb/rule-backends';
import { targetHealth } from '@/lib/sandbox/model/clb/target-health';
import { listRuleDomains, type WorldRule } from '@/lib/sandbox/world/clb';
import type { AccountWorld } from '@/lib/sandbox/world/world';
import type { WorldStore } from '@/lib/sandbox/world/world-store';
import { countProvisioned } from './function-pools';
import { isServerError, isThrottle } from './outcomes';
import { ruleKeyOf } from './served-routes';
import type { TrafficStep } from './traffic';

type FoundRule = { readonly account: AccountWorld; readonly rule: WorldRule; readonly key: string };

type RuleMinute = { count: number; errors: number; throttles: number };

/** The requests of a minute by side, per second, the share of them with a 5xx in %, and the age of the minute's end. */
export type SideMinute = Pick<TrafficPoint, 'cvm' | 'function'> & {
  readonly errors: NonNullable<TrafficPoint['sideErrors']>;
  readonly lagMs: number;
};

const minuteMs = 60_000;
/** Minutes that are kept: what monitoring asks for. */
const minutesKept = 6;

const unread: Measured = { value: null, lagMs: null };

/**
 * The figures that the cloud's monitoring has of a rehearsal: per rule and minute, available once the minute has ended
 * and the delay of monitoring has passed.
 */
export class MinuteMeasures {
  readonly #store: Pick<WorldStore, 'world' | 'onChange'>;
  readonly #delayMs: number;
  /** By minute, then by rule. */
  readonly #minutes = new Map<number, Map<string, RuleMinute>>();
  /** All rules that got requests. */
  readonly #keys = new Set<string>();
  /** The rules of routes until the sandbox data change: a run asks for the same ones every few seconds. */
  #rules = new WeakMap<readonly MeasuredRoute[], readonly FoundRule[]>();
  /** The listeners, rules and records until the sandbox data change. */
  #estate: SidedEstate | null = null;

  constructor(store: Pick<WorldStore, 'world' | 'onChange'>, delayMs: number) {
    this.#store = store;
    this.#delayMs = delayMs;
    store.onChange(() => {
      this.#rules = new WeakMap();
      this.#estate = null;
    });
  }

  /** Adds requests of a moment, by rule. */
  add({ fromMs, rules }: Pick<TrafficStep, 'fromMs' | 'rules'>): void {
    const minute = Math.floor(fromMs / minuteMs);
    const known = this.#minutes.get(minute) ?? new Map<string, RuleMinute>();
    this.#minutes.set(minute, known);
    this.#minutes.delete(minute - minutesKept);
    for (const [key, { count, failures }] of rules) {
      this.#keys.add(key);
      const sum = known.get(key) ?? { count: 0, errors: 0, throttles: 0 };
      known.set(key, sum);
      sum.count += count;
      for (const [cause, failed] of failures) {
        if (isServerError(cause)) sum.errors += failed;
        if (isThrottle(cause)) sum.throttles += failed;
      }
    }
  }

  /** Returns the newest minute that monitoring has, and the age of its end. */
  #newest(nowMs: number): { readonly rules: ReadonlyMap<string, RuleMinute>; readonly lagMs: number } | null {
    const newest = Math.floor((nowMs - this.#delayMs) / minuteMs) - 1;
    const rules = this.#minutes.get(newest);
    return rules === undefined ? null : { rules, lagMs: nowMs - (newest + 1) * minuteMs };
  }

  /**
   * Returns the requests of the last minute and their 5xx by the kind of backend of their rule now; null while monitoring
   * has none. Rules that got no request since the beginning are not counted.
   */
  sides(nowMs: number): SideMinute | null {
    const newest = this.#newest(nowMs);
    if (newest === null) return null;
    const sums = { cvm: { count: 0, errors: 0, rules: 0 }, function: { count: 0, errors: 0, rules: 0 } };
    for (const key of this.#keys) {
      const side = this.#findSide(key);
      if (side === null) continue;
      const rule = newest.rules.get(key);
      sums[side].rules += 1;
      sums[side].count += rule?.count ?? 0;
      sums[side].errors += rule?.errors ?? 0;
    }
    const perSecond = ({ count, rules }: (typeof sums)['cvm']) =>
      rules === 0 ? ('none' as const) : count / (minuteMs / 1000);
    const toPercent = ({ count, errors }: (typeof sums)['cvm']) =>
      count < 0.5 ? null : (errors / count) * 100;
    return {
      cvm: perSecond(sums.cvm),
      function: perSecond(sums.function),
      errors: { cvm: toPercent(sums.cvm), function: toPercent(sums.function) },
      lagMs: newest.lagMs,
    };
  }

  /** Returns the requests per second of rules in the last minute; null while monitoring has none. */
  routeRate(routes: readonly MeasuredRoute[], nowMs: number): TrafficPoint['cvm'] {
    if (routes.length === 0) return 'none';
    const sum = this.#sum(routes, nowMs);
    return sum === null ? null : sum.count / (minuteMs / 1000);
  }

  /** Returns the listeners, rules and records as they are now. */
  estate(): SidedEstate {
    this.#estate ??= readEstate(Object.values(this.#store.world.accounts));
    return this.#estate;
  }

  /** Returns the kind of backend that a rule has now; null = none. */
  #findSide(key: string): 'cvm' | 'function' | null {
    const [uin = '', loadBalancerId = '', ruleId = ''] = key.split('/');
    const account = this.#store.world.accounts[uin];
    const rule = account?.loadBalancers[loadBalancerId]?.listeners
      .flatMap(({ rules }) => rules)
      .find(({ id }) => id === ruleId);
    if (account === undefined || rule === undefined) return null;
    if (rule.functions.length > 0) return 'function';
    return backendsOfRule(account, rule).some(({ targets }) => targets.length > 0) ? 'cvm' : null;
  }

  #sum(routes: readonly MeasuredRoute[], nowMs: number) {
    const newest = this.#newest(nowMs);
    if (newest === null) return null;
    const sum = { count: 0, errors: 0, throttles: 0, lagMs: newest.lagMs };
    for (const { key } of this.#listRules(routes)) {
      const rule = newest.rules.get(key);
      sum.count += rule?.count ?? 0;
      sum.errors += rule?.errors ?? 0;
      sum.throttles += rule?.throttles ?? 0;
    }
    return sum;
  }

  #listRules(routes: readonly MeasuredRoute[]): readonly FoundRule[] {
    const known = this.#rules.get(routes);
    if (known !== undefined) return known;
    const found = Object.values(this.#store.world.accounts).flatMap((account) =>
      routes.flatMap(({ loadBalancerId, listenerId, domain, url }): readonly FoundRule[] => {
        const listener = account.loadBalancers[loadBalancerId]?.listeners.find(({ id }) => id === listenerId);
        const rule = listener?.rules.find((each) => each.domain === domain && each.url === url);
        if (rule === undefined) return [];
        return [{ account, rule, key: ruleKeyOf(account.uin, loadBalancerId, rule.id) }];
      }),
    );
    this.#rules.set(routes, found);
    return found;
  }

  /** Returns the share of the requests to rules that got a 5xx in the last minute, in %. */
  errorRate(routes: readonly MeasuredRoute[], nowMs: number): Measured {
    const sum = this.#sum(routes, nowMs);
    if (sum === null) return unread;
    return { value: sum.count < 0.5 ? null : roundMeasure((sum.errors / sum.count) * 100), lagMs: sum.lagMs };
  }

  /** Returns the requests that functions have throttled in the last minute. */
  throttles(routes: readonly MeasuredRoute[], nowMs: number): Measured {
    const sum = this.#sum(routes, nowMs);
    return sum === null ? unread : { value: Math.round(sum.throttles), lagMs: sum.lagMs };
  }

  /** Returns the share of the servers of rules that fail their health check, in %. */
  unhealthyTargets(routes: readonly MeasuredRoute[], nowMs: number): Measured {
    const states = this.#listRules(routes).flatMap(({ account, rule }) =>
      backendsOfRule(account, rule).flatMap(({ healthCheck, targets }) =>
        targets.map(({ registeredAt, instanceId }) =>
          targetHealth(healthCheck, registeredAt, account.instances[instanceId], nowMs),
        ),
      ),
    );
    if (states.length === 0) return unread;
    const dead = states.filter((state) => state === 'Dead').length;
    return { value: roundMeasure((dead / states.length) * 100), lagMs: 0 };
  }

  /** Returns the share of the provisioned instances of functions that are not ready, in %. */
  provisionedLost(routes: readonly MeasuredRoute[], nowMs: number): Measured {
    let [warm, target] = [0, 0];
    for (const account of Object.values(this.#store.world.accounts))
      for (const { region, functions } of routes)
        for (const { namespace, name } of functions) {
          const found = countProvisioned(account.functions[`${region}/${namespace}/${name}`], nowMs);
          warm += found.warm;
          target += found.target;
        }
    return target === 0
      ? unread
      : { value: roundMeasure((Math.max(0, target - warm) / target) * 100), lagMs: 0 };
  }
}

function readEstate(accounts: readonly AccountWorld[]): SidedEstate {
  const balancers = accounts.flatMap((account) =>
    Object.values(account.loadBalancers).map((balancer) => ({ account, balancer })),
  );
  const listeners = balancers.flatMap(({ account, balancer }) => {
    const loadBalancerId = LoadBalancerId.parse(balancer.id);
    return balancer.listeners.map(({ id, protocol, port, rules }) => ({
      account,
      rules,
      listener: { id: ListenerId.parse(id), loadBalancerId, protocol, port },
    }));
  });
  return {
    loadBalancers: balancers.map(({ balancer: { id, region, vips, ipv6, domain } }) => ({
      id: LoadBalancerId.parse(id),
      region,
      vips,
      ipv6,
      domain,
    })),
    records: accounts.flatMap(({ zones }) =>
      Object.values(zones).flatMap(({ name: zone, records }) => records.map((each) => ({ ...each, zone }))),
    ),
    listeners: listeners.map(({ listener }) => listener),
    rules: listeners.flatMap(({ account, rules, listener: { id: listenerId, loadBalancerId } }) =>
      rules.map((rule) => ({
        id: RuleId.parse(rule.id),
        loadBalancerId,
        listenerId,
        domain: rule.domain,
        domains: listRuleDomains(rule),
        url: rule.url,
        isDefault: rule.isDefault,
        createdAt: new Date(rule.createdAt).toISOString(),
        targets: backendsOfRule(account, rule).flatMap(({ targets }) => targets),
        functions: rule.functions,
      })),
    ),
  };
}
