import type { FailoverPolicy, Vantage } from '@/lib/diversion/failover';
import type { SwitchSide } from '@/lib/diversion/switch';
import type { RunRecord } from './fold-run';
import type { RunState } from './model';

/** The actor of a failover: of its plan, the first attempt of its run, and its audit entries. */
export const failoverActor = 'failover';

/** Returns whether a run is that of a failover, whoever has retried it. */
export function isFailover({ attempts }: Pick<RunRecord, 'attempts'>): boolean {
  return attempts[0]?.actor === failoverActor;
}

/** One probe of a round. */
export type HealthAnswer = {
  readonly passed: boolean;
  /** The address that was actually probed; null = the side has none. */
  readonly address: string | null;
  readonly latencyMs: number;
  readonly failure: string | null;
};

/** One round: each vantage's result for the serving side, in the policy's order, and the other side's response. */
export type HealthRound = {
  readonly at: string;
  readonly serving: SwitchSide;
  readonly seen: readonly HealthAnswer[];
  readonly receiving: HealthAnswer;
};

/** The decision of a Switch with failover enabled. Only `failOver` moves traffic. */
export type FailoverDecision =
  | { readonly kind: 'healthy' }
  /** Too few vantages see a failure. */
  | { readonly kind: 'unsure'; readonly failing: number }
  /** The last move is too recent. */
  | { readonly kind: 'holdDown'; readonly until: string }
  | { readonly kind: 'receiverFails' }
  /** A measure of the receiving side is over its limit, or can't be read. */
  | {
      readonly kind: 'noRoom';
      readonly measure: FailoverPolicy['capacity'][number]['measure'];
      readonly value: number | null;
    }
  /** Failover is due but not possible: a message key below `switch.blocked`, with its values. */
  | {
      readonly kind: 'blocked';
      readonly why: string;
      readonly values: Readonly<Record<string, string | number>>;
    }
  | { readonly kind: 'failOver'; readonly failing: number };

/** A side fails, and failover can't move traffic away from it: an operator must act. */
export type StuckFailover = Extract<FailoverDecision, { kind: 'receiverFails' | 'noRoom' | 'blocked' }>;

export const stuckKinds: readonly FailoverDecision['kind'][] = [
  'receiverFails',
  'noRoom',
  'blocked',
] satisfies readonly StuckFailover['kind'][];

/** A stored decision. `stuckSince`: when failover was first stuck since the side was last healthy; an ISO instant. */
export type KeptDecision = FailoverDecision & { readonly stuckSince?: string };

/**
 * Returns a decision with the time since which failover is stuck. Only a healthy side resets it, so that alternating
 * decisions cause one alert, not many.
 * @param before the previous round's decision
 */
export function keepStuckSince(
  decision: FailoverDecision,
  before: KeptDecision | null,
  at: string,
): KeptDecision {
  const since = before?.stuckSince ?? (stuckKinds.includes(decision.kind) ? at : undefined);
  if (since === undefined || decision.kind === 'healthy' || decision.kind === 'failOver') return decision;
  return { ...decision, stuckSince: since };
}

/** The progress of a failover, by the state of its run. */
export type FailoverProgress = 'moving' | 'moved' | 'stopped' | 'rollingBack' | 'rolledBack' | 'leftAsIs';

const progressByState: Readonly<Record<RunState, FailoverProgress>> = {
  queued: 'moving',
  scheduled: 'moving',
  ready: 'moving',
  applying: 'moving',
  baking: 'moving',
  diverted: 'moving',
  retrying: 'moving',
  missed: 'stopped',
  paused: 'stopped',
  stopped: 'stopped',
  done: 'moved',
  rollingBack: 'rollingBack',
  rolledBack: 'rolledBack',
  closed: 'leftAsIs',
};

/** Returns the progress of a failover, by the state of its run. */
export function failoverProgress(state: RunState): FailoverProgress {
  return progressByState[state];
}

/** The measures of the receiving side; null = could not be read. */
export type Room = Readonly<Record<string, number | null>>;

/** A failed probe of the serving side: the evidence for a failover. */
export type FailedProbe = {
  readonly at: string;
  readonly vantage: Vantage;
  readonly address: string | null;
  readonly failure: string | null;
};

/** Returns the failed probes of each vantage that sees a failure of the serving side: n of its last m probes failed. */
function failuresByVantage(
  policy: FailoverPolicy,
  rounds: readonly HealthRound[],
): readonly (readonly FailedProbe[])[] {
  const serving = rounds.at(-1)?.serving;
  const recent = rounds.filter((round) => round.serving === serving).slice(-policy.of);
  return policy.vantages
    .map((vantage, index) =>
      recent.flatMap(({ at, seen }): FailedProbe[] => {
        const answer = seen[index];
        return answer === undefined || answer.passed
          ? []
          : [{ at, vantage, address: answer.address, failure: answer.failure }];
      }),
    )
    .filter((failed) => failed.length >= policy.failures);
}

/** Returns the number of vantages that see a failure of the serving side. */
export function failingVantages(policy: FailoverPolicy, rounds: readonly HealthRound[]): number {
  return failuresByVantage(policy, rounds).length;
}

/** Returns the failed probes behind the decision, oldest first. */
export function decidingProbes(
  policy: FailoverPolicy,
  rounds: readonly HealthRound[],
): readonly FailedProbe[] {
  return failuresByVantage(policy, rounds)
    .flat()
    .toSorted((a, b) => a.at.localeCompare(b.at));
}

/**
 * Decides from the rounds of a Switch with failover enabled, oldest first. Pure. An unread measure never counts as
 * capacity.
 * @param movedAt when the name last moved, by any actor; null = never
 * @param room the receiving side's measures, read only if all other conditions for a move are met
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
