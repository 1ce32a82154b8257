import type { FailoverPolicy, Vantage } from '@/lib/diversion/failover';
import type { SwitchSide } from '@/lib/diversion/switch';
import type { HealthAnswer, HealthRound } from '@/lib/run/failover';

/** The last probes of one kind, oldest first, those that the policy counts. */
export type ProbeHistory = { readonly answers: readonly HealthAnswer[]; readonly at: string | null };

export type VantageHealth = ProbeHistory & { readonly vantage: Vantage };

/** The rounds in which this side served: those of before a move say nothing of how things are. */
function roundsOf(rounds: readonly HealthRound[], serving: SwitchSide): readonly HealthRound[] {
  return rounds.filter((round) => round.serving === serving);
}

/** What each vantage saw of the side that serves. */
export function servingHealth(
  policy: FailoverPolicy,
  rounds: readonly HealthRound[],
  serving: SwitchSide,
): readonly VantageHealth[] {
  const recent = roundsOf(rounds, serving).slice(-policy.of);
  return policy.vantages.map((vantage, index) => ({
    vantage,
    // A policy with another number of vantages may be newer than the rounds.
    answers: recent.flatMap((round) => round.seen[index] ?? []),
    at: recent.at(-1)?.at ?? null,
  }));
}

/** What the other side answered through its own address. */
export function receivingHealth(
  policy: FailoverPolicy,
  rounds: readonly HealthRound[],
  serving: SwitchSide,
): ProbeHistory {
  const recent = roundsOf(rounds, serving).slice(-policy.proof);
  return { answers: recent.map((round) => round.receiving), at: recent.at(-1)?.at ?? null };
}
