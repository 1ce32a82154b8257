import type { FailoverPolicy, Vantage } from '@/lib/diversion/failover';
import type { SwitchSide } from '@/lib/diversion/switch';
import type { HealthAnswer, HealthRound } from '@/lib/run/model/failover';

/** The last probes of one kind that the policy counts, oldest first. */
export type ProbeHistory = { readonly answers: readonly HealthAnswer[]; readonly at: string | null };

export type VantageHealth = ProbeHistory & { readonly vantage: Vantage };

/** Returns the rounds in which this side served: rounds before a move say nothing about the current state. */
function servingRounds(rounds: readonly HealthRound[], serving: SwitchSide): readonly HealthRound[] {
  return rounds.filter((round) => round.serving === serving);
}

/** Returns what each vantage saw of the serving side. */
export function servingHealth(
  policy: FailoverPolicy,
  rounds: readonly HealthRound[],
  serving: SwitchSide,
): readonly VantageHealth[] {
  const recent = servingRounds(rounds, serving).slice(-policy.of);
  return policy.vantages.map((vantage, index) => ({
    vantage,
    // A policy with a different number of vantages may be newer than the rounds.
    answers: recent.flatMap((round) => round.seen[index] ?? []),
    at: recent.at(-1)?.at ?? null,
  }));
}

/** Returns the responses of the other side through its own address. */
export function receivingHealth(
  policy: FailoverPolicy,
  rounds: readonly HealthRound[],
  serving: SwitchSide,
): ProbeHistory {
  const recent = servingRounds(rounds, serving).slice(-policy.proof);
  return { answers: recent.map((round) => round.receiving), at: recent.at(-1)?.at ?? null };
}
