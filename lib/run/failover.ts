import type { FailoverPolicy } from '@/lib/diversion/failover';
import type { SwitchSide } from '@/lib/diversion/switch';

/** One probe of a round. */
export type HealthAnswer = {
  readonly passed: boolean;
  readonly latencyMs: number;
  readonly failure: string | null;
};

/** One round: what each vantage saw of the serving side, in the policy's order, and what the other side answered. */
export type HealthRound = {
  readonly at: string;
  readonly serving: SwitchSide;
  readonly seen: readonly HealthAnswer[];
  readonly receiving: HealthAnswer;
};

/** What an armed Switch does now. All but `failOver` stay where they are. */
export type FailoverDecision =
  | { readonly kind: 'healthy' }
  /** Too few vantages see a failure. */
  | { readonly kind: 'unsure'; readonly failing: number }
  /** The last move is too fresh. */
  | { readonly kind: 'holdDown'; readonly until: string }
  | { readonly kind: 'receiverFails' }
  /** A measure of the receiving side is over its limit, or can't be read. */
  | { readonly kind: 'noRoom'; readonly measure: string; readonly value: number | null }
  /** It would move, but may not: a message key below `switch.blocked`, with its values. */
  | {
      readonly kind: 'blocked';
      readonly why: string;
      readonly values: Readonly<Record<string, string | number>>;
    }
  | { readonly kind: 'failOver'; readonly failing: number };

/** What was measured of the receiving side; null = could not be read. */
export type Room = Readonly<Record<string, number | null>>;

/** How many vantages see a failure of the side that serves: n of their last m probes of it failed. */
export function failingVantages(policy: FailoverPolicy, rounds: readonly HealthRound[]): number {
  const serving = rounds.at(-1)?.serving;
  const recent = rounds.filter((round) => round.serving === serving).slice(-policy.of);
  return policy.vantages.filter((_, index) => {
    const failed = recent.filter((round) => round.seen[index]?.passed === false);
    return failed.length >= policy.failures;
  }).length;
}

/**
 * Decides from the rounds of an armed Switch, oldest first. Pure. What can't be read is never taken for room.
 * @param movedAt when the name last moved, by whomever; null = never
 * @param room the receiving side's measures, asked for only when everything else speaks for moving
 */
export function decideFailover(
  policy: FailoverPolicy,
  rounds: readonly HealthRound[],
  { movedAt, now, room }: { readonly movedAt: string | null; readonly now: string; readonly room: Room },
): FailoverDecision {
  const failing = failingVantages(policy, rounds);
  if (failing === 0) return { kind: 'healthy' };
  if (failing < policy.quorum) return { kind: 'unsure', failing };
  const until = movedAt === null ? 0 : Date.parse(movedAt) + policy.holdDownS * 1000;
  if (Date.parse(now) < until) return { kind: 'holdDown', until: new Date(until).toISOString() };
  const serving = rounds.at(-1)?.serving;
  const proof = rounds.filter((round) => round.serving === serving).slice(-policy.proof);
  if (proof.length < policy.proof || proof.some(({ receiving }) => !receiving.passed))
    return { kind: 'receiverFails' };
  for (const { measure, limit } of policy.capacity) {
    const value = room[measure] ?? null;
    if (value === null || value > limit) return { kind: 'noRoom', measure, value };
  }
  return { kind: 'failOver', failing };
}
