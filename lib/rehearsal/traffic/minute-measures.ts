import type { Measured, MeasuredRoute } from '@/lib/estate/measure';
import { backendsOfRule } from '@/lib/sandbox/model/clb/rule-backends';
import { targetHealth } from '@/lib/sandbox/model/clb/target-health';
import type { World } from '@/lib/sandbox/world/world';
import { countProvisioned } from './function-pools';
import { isServerError, isThrottle } from './outcomes';
import { ruleKeyOf } from './served-routes';
import type { TrafficStep } from './traffic';

type RuleMinute = { count: number; errors: number; throttles: number };

const minuteMs = 60_000;
/** Minutes that are kept: what monitoring asks for. */
const minutesKept = 6;

const unread: Measured = { value: null, lagMs: null };

/**
 * The figures that the cloud's monitoring has of a rehearsal: per rule and minute, available once the minute has ended
 * and the delay of monitoring has passed.
 */
export class MinuteMeasures {
  readonly #world: () => World;
  readonly #delayMs: number;
  /** By minute, then by rule. */
  readonly #minutes = new Map<number, Map<string, RuleMinute>>();

  constructor(world: () => World, delayMs: number) {
    this.#world = world;
    this.#delayMs = delayMs;
  }

  add({ fromMs, rules }: TrafficStep): void {
    const minute = Math.floor(fromMs / minuteMs);
    const known = this.#minutes.get(minute) ?? new Map<string, RuleMinute>();
    this.#minutes.set(minute, known);
    this.#minutes.delete(minute - minutesKept);
    for (const [key, { count, failures }] of rules) {
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

  #sum(routes: readonly MeasuredRoute[], nowMs: number) {
    const newest = this.#newest(nowMs);
    if (newest === null) return null;
    const sum = { count: 0, errors: 0, throttles: 0, lagMs: newest.lagMs };
    for (const key of this.#listRuleKeys(routes)) {
      const rule = newest.rules.get(key);
      sum.count += rule?.count ?? 0;
      sum.errors += rule?.errors ?? 0;
      sum.throttles += rule?.throttles ?? 0;
    }
    return sum;
  }

  #listRules(routes: readonly MeasuredRoute[]) {
    return Object.values(this.#world().accounts).flatMap((account) =>
      routes.flatMap(({ loadBalancerId, listenerId, domain, url }) => {
        const listener = account.loadBalancers[loadBalancerId]?.listeners.find(({ id }) => id === listenerId);
        const rule = listener?.rules.find((each) => each.domain === domain && each.url === url);
        return rule === undefined ? [] : [{ account, rule, loadBalancerId }];
      }),
    );
  }

  #listRuleKeys(routes: readonly MeasuredRoute[]): readonly string[] {
    return this.#listRules(routes).map(({ account, rule, loadBalancerId }) =>
      ruleKeyOf(account.uin, loadBalancerId, rule.id),
    );
  }

  /** Returns the share of the requests to rules that got a 5xx in the last minute, in %. */
  errorRate(routes: readonly MeasuredRoute[], nowMs: number): Measured {
    const sum = this.#sum(routes, nowMs);
    if (sum === null) return unread;
    return { value: sum.count < 0.5 ? null : (sum.errors / sum.count) * 100, lagMs: sum.lagMs };
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
    return { value: (states.filter((state) => state === 'Dead').length / states.length) * 100, lagMs: 0 };
  }

  /** Returns the share of the provisioned instances of functions that are not ready, in %. */
  provisionedLost(routes: readonly MeasuredRoute[], nowMs: number): Measured {
    let [warm, target] = [0, 0];
    for (const account of Object.values(this.#world().accounts))
      for (const { region, functions } of routes)
        for (const { namespace, name } of functions) {
          const found = countProvisioned(account.functions[`${region}/${namespace}/${name}`], nowMs);
          warm += found.warm;
          target += found.target;
        }
    return target === 0 ? unread : { value: (Math.max(0, target - warm) / target) * 100, lagMs: 0 };
  }
}
