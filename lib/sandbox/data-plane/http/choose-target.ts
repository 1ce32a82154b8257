import { pickByAddress, pickByWeight, pickLeastConnections, targetOfSession } from './balance';
import type { Exchange } from './exchange';
import type { ServedRule, ServedTarget } from './served-rule';

/** The state of a client's connection. */
export type ClientConnection = {
  /** The number of requests on it. */
  requests: number;
  /** The target that served the last proxied request, and its rule. */
  last: { readonly ruleId: string; readonly target: ServedTarget } | null;
};

export type ChoosingContext = {
  readonly connection: ClientConnection;
  /** True if a kept-alive connection stays with a target that lost its weight or was unbound. */
  readonly keptStays: boolean;
  /** The name of the session cookie if the rule names none. */
  readonly cookieName: string;
  /** Epoch milliseconds. */
  readonly now: number;
};

/**
 * Returns the target that a kept-alive connection stays with although the rule sends it nothing new: one at weight 0,
 * or unbound since. Otherwise each request is scheduled separately, even on a kept-alive connection
 * (https://www.tencentcloud.com/document/product/214/6154). Null = schedule it.
 */
export function stayingTarget(
  served: ServedRule,
  { connection: { last }, keptStays }: ChoosingContext,
): ServedTarget | null {
  if (last === null || !keptStays || last.ruleId !== served.rule.id) return null;
  return served.hasWeighted(last.target) ? null : last.target;
}

/** Chooses the next target by the rule's session or schedule; null = no target may get a request. */
export function chooseTarget(
  served: ServedRule,
  exchange: Exchange,
  context: ChoosingContext,
): ServedTarget | null {
  const { rule, memory } = served;
  const targets = served.targets(context.now);
  if (isSticky(served)) {
    const cookie = rule.cookieName || context.cookieName;
    const bound = targetOfSession(exchange.header('cookie'), cookie, targets, context.now);
    if (bound !== null) return bound;
  }
  switch (rule.scheduler) {
    case 'WRR':
      return pickByWeight(targets, memory.credits);
    case 'LEAST_CONN':
      return pickLeastConnections(targets, memory.underway, memory.credits);
    case 'IP_HASH':
      return pickByAddress(targets, exchange.clientAddress);
  }
}

/** Returns true if a rule has sticky sessions by cookie: only weighted round robin does (same page). */
export function isSticky({ rule }: ServedRule): boolean {
  return rule.sessionExpireS > 0 && rule.scheduler === 'WRR';
}
