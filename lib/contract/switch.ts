import type { FailoverPolicy } from '@/lib/diversion/failover';
import type { RampShape } from '@/lib/diversion/ramp';
import type { RampStep, SwitchDiversion, SwitchSide } from '@/lib/diversion/switch';
import type { PlanId } from '@/lib/plan/model/model';
import type { Footprint } from '@/lib/policy/covers';
import type { Finding } from '@/lib/preflight/model/model';
import type { FailoverDecision, HealthRound } from '@/lib/run/model/failover';
import type { RunState } from '@/lib/run/model/model';
import type { RunId } from '@/lib/run/model/run-id';
import type { Answer } from './answer';

export type SwitchSideView = {
  readonly label: string;
  readonly loadBalancerId: string;
  readonly address: string | null;
  /** The share of DNS answers, in %. */
  readonly share: number;
  /** Targets and functions on the rule; 0 = nothing could respond. */
  readonly bound: number;
};

/** The cost of moving everything to a side: API calls by the ramp's shape, and what prevents the move. */
export type SwitchPreview = {
  readonly writes: Readonly<Record<RampShape, number>>;
  readonly blocks: readonly Finding[];
};

/** The sides of a Switch as the newest snapshot has them: all of it, or nothing if the snapshot lacks one of them. */
export type SwitchSidesView =
  | {
      readonly serving: SwitchSide;
      readonly sides: Readonly<Record<SwitchSide, SwitchSideView>>;
      readonly previews: Readonly<Record<SwitchSide, SwitchPreview>>;
    }
  | { readonly serving: null; readonly sides: null; readonly previews: null };

export type SwitchView = SwitchSidesView & {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
  readonly connectionId: string;
  readonly connectionName: string;
  readonly connectionKind: 'sandbox' | 'tencent';
  /** Everything that its sides name. */
  readonly footprint: Footprint;
  readonly state: 'disabled' | 'enabled' | 'failedOver';
  /** The actor who last enabled or disabled failover. */
  readonly setBy: string;
  readonly setAt: string;
  readonly movedAt: string | null;
  readonly policy: FailoverPolicy;
  readonly rounds: readonly HealthRound[];
  /** The number of vantage points that see the serving side fail. */
  readonly failing: number;
  /** The reason why it has no failover script, as a key below `ui.refusal`; null = it has one. */
  readonly noScript: string | null;
  /** The number of approvals that a manual move needs by the policy; a failover needs none. */
  readonly approvals: number;
  readonly decision: FailoverDecision | null;
  readonly estateTakenAt: string | null;
  /** The longest time that clients may cache an answer, in seconds: the longest TTL of the active records. */
  readonly ttlS: number;
  /** The last run that moved it, and the side it moved to. */
  readonly lastRun: {
    readonly id: RunId;
    readonly state: RunState;
    readonly hasOutage: boolean;
    readonly actor: string;
    readonly toward: SwitchSide;
  } | null;
};

/** A move of a Switch, under way or finished. */
export type SwitchMoveView = {
  readonly runId: RunId;
  /** The time when it started, or its T0. */
  readonly at: string;
  readonly by: 'failover' | 'manual' | 'clock';
  readonly actor: string;
  readonly state: RunState;
  readonly hasOutage: boolean;
  readonly domain: string;
  readonly toward: SwitchSide;
  /** The share that it ends at, in %. */
  readonly percent: number;
};

/** `switch.list` */
export type SwitchboardView = {
  readonly now: string;
  readonly switches: readonly SwitchView[];
  /** Newest first. */
  readonly moves: readonly SwitchMoveView[];
};

/** Adds a name with its two sides to the switchboard. */
export type AddSwitchAction = (input: {
  connectionId: string;
  diversion: SwitchDiversion;
  policy: FailoverPolicy;
}) => Answer<{ switchId: string }>;

export type RemoveSwitchAction = (switchId: string) => Answer<null>;

export type EnableFailoverAction = (input: { switchId: string; policy: FailoverPolicy }) => Answer<null>;

export type DisableFailoverAction = (switchId: string) => Answer<null>;

/**
 * Moves a Switch at once; on a real account `typedDomain` must be its domain. `runId` null = nothing moves before the
 * plan is approved and applied on its page.
 */
export type MoveSwitchAction = (input: {
  switchId: string;
  toward: SwitchSide;
  ramp: readonly RampStep[];
  typedDomain: string | null;
}) => Answer<{ planId: PlanId; runId: RunId | null }>;
