import type { ParsedCustomConfig } from '@/lib/sandbox/model/clb/custom-config-directives';
import { backendsOfRule, type TargetPool } from '@/lib/sandbox/model/clb/rule-backends';
import type { WorldRule } from '@/lib/sandbox/world/clb';
import { formatTargetAddress } from '@/lib/sandbox/world/target-address';
import type { AccountWorld } from '@/lib/sandbox/world/world';
import { type UsableTarget, usableTargets } from '../../model/clb/target-health';
import type { Credits } from './balance';

/** A target of a rule, as schedulers use it. */
export type ServedTarget = Readonly<UsableTarget> & { readonly key: string };

/** The state kept between the requests of a rule, across changes of the sandbox data. */
export type RuleMemory = {
  readonly credits: Credits;
  /** Requests in flight, by target. */
  readonly underway: Map<string, number>;
};

/** The maximum delay until a target's health is noticed: much less than the shortest check interval. */
const freshMs = 250;

/** A rule prepared for frequent use; valid until the sandbox data changes. */
export class ServedRule {
  readonly rule: WorldRule;
  readonly config: ParsedCustomConfig;
  readonly memory: RuleMemory;
  readonly #account: AccountWorld;
  readonly #pools: readonly TargetPool[];
  readonly #weighted: ReadonlySet<string>;
  #targets: readonly ServedTarget[] = [];
  #readAt = Number.NaN;

  constructor(account: AccountWorld, rule: WorldRule, config: ParsedCustomConfig, memory: RuleMemory) {
    this.rule = rule;
    this.config = config;
    this.memory = memory;
    this.#account = account;
    this.#pools = backendsOfRule(account, rule);
    this.#weighted = new Set(
      this.#pools
        .filter((pool) => pool.weight > 0)
        .flatMap((pool) => pool.targets.filter(({ weight }) => weight > 0).map(formatTargetAddress)),
    );
  }

  /** Returns the targets that may get a request now, epoch milliseconds; empty = none. */
  targets(now: number): readonly ServedTarget[] {
    const age = now - this.#readAt;
    if (!(age >= 0 && age < freshMs)) {
      this.#targets = usableTargets(this.#pools, this.#account.instances, now).map((target) => ({
        ...target,
        key: formatTargetAddress(target),
      }));
      this.#readAt = now;
    }
    return this.#targets;
  }

  /** Returns true if the target belongs to the rule and has a weight, healthy or not. */
  hasWeighted(target: ServedTarget): boolean {
    return this.#weighted.has(target.key);
  }
}
