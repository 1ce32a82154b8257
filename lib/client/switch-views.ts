import type { FailoverPolicy } from '@/lib/diversion/failover';
import type { RampShape } from '@/lib/diversion/ramp-shapes';
import type { SwitchSide } from '@/lib/diversion/switch';
import type { Finding } from '@/lib/preflight/model';
import type { FailoverDecision, HealthRound } from '@/lib/run/failover';
import type { RunState } from '@/lib/run/model';

export type SwitchSideView = {
  readonly label: string;
  readonly loadBalancerId: string;
  readonly address: string | null;
  /** Of the answers that DNS gives, in %. */
  readonly share: number;
  /** Targets and functions on the rule; 0 = nothing could answer. */
  readonly bound: number;
};

/** What moving everything to a side would take: API calls by the ramp's shape, and what keeps it from moving. */
export type SwitchPreview = {
  readonly writes: Readonly<Record<RampShape, number>>;
  readonly blocks: readonly Finding[];
};

export type SwitchView = {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
  readonly connectionId: string;
  readonly connectionName: string;
  readonly connectionKind: 'sandbox' | 'tencent';
  readonly state: 'off' | 'armed' | 'failedOver';
  /** Who armed or disarmed it last. */
  readonly setBy: string;
  readonly setAt: string;
  readonly movedAt: string | null;
  readonly policy: FailoverPolicy;
  readonly rounds: readonly HealthRound[];
  /** How many vantages see the serving side fail. */
  readonly failing: number;
  /** Why there is no failover script of it, as a key below `ui.refusal`; null = there is one. */
  readonly noScript: string | null;
  /** How many approvals a move by hand needs, by the policy; a failover needs none. */
  readonly approvals: number;
  readonly decision: FailoverDecision | null;
  readonly estateTakenAt: string | null;
  /** How long clients may keep an answer that they have, in seconds: the longest TTL of the records that are on. */
  readonly ttlS: number;
  /** null with `sides` and `previews` where the estate lacks one of them. */
  readonly serving: SwitchSide | null;
  readonly sides: Readonly<Record<SwitchSide, SwitchSideView>> | null;
  readonly previews: Readonly<Record<SwitchSide, SwitchPreview>> | null;
  /** The run that moved it last, and where to. */
  readonly lastRun: {
    readonly id: string;
    readonly state: RunState;
    readonly actor: string;
    readonly toward: SwitchSide;
  } | null;
};

/** A move of a Switch, under way or over. */
export type SwitchMoveView = {
  readonly runId: string;
  /** When it was begun, or its T0. */
  readonly at: string;
  readonly by: 'failover' | 'hand' | 'clock';
  readonly actor: string;
  readonly state: RunState;
  readonly domain: string;
  readonly toward: SwitchSide;
  /** The share that it leads to, in %. */
  readonly percent: number;
};

/** GET /api/switches */
export type SwitchboardView = {
  readonly now: string;
  readonly switches: readonly SwitchView[];
  /** Newest first. */
  readonly moves: readonly SwitchMoveView[];
};
