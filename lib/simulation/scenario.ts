import type { MissedT0 } from '@/lib/diversion/cutover';
import type { LiveCommand } from '@/lib/run/model';
import type { Fault } from './faults';

/** A place that lives come to, as `PlaceHook` names it, by its beginning; and how many such are passed before. */
export type Moment = { readonly at: string; readonly nth: number };

/** Somebody else's change to an object of the plan, by its number among them. */
export type Edit = {
  readonly object: number;
} /** Does, or undoes, a step of the plan by hand: brings the object into a state of one of its steps. */ & (
  | { readonly kind: 'step'; readonly step: number; readonly state: 'before' | 'after' }
  /** Something of their own. */
  | { readonly kind: 'own'; readonly variant: number }
);

/** What happens to a run besides faults of the cloud. Times in ms. */
export type Deed =
  /** `forgets`: a newer version takes the run up from its beginning, with nothing but the journal to go by. */
  | {
      readonly kind: 'crash';
      readonly afterMs: number;
      readonly restartMs: number;
      readonly forgets: boolean;
    }
  /** The process stands still; another one takes the run up meanwhile, or none does in time. */
  | { readonly kind: 'freeze'; readonly forMs: number; readonly takeOverMs: number | null }
  | { readonly kind: 'edit'; readonly edit: Edit }
  | { readonly kind: 'jump'; readonly byMs: number }
  /** The operator sends a command to the run. */
  | { readonly kind: 'say'; readonly command: LiveCommand };

export type Trap = { readonly moment: Moment; readonly deed: Deed };

/** The cloud, and all that probes ask, is out of reach for a time: from an instant of the run's clock on, or what stands for it. */
export type Outage = {
  readonly at: 'T0' | 'T1' | 'drain';
  /** Before (negative) or after that instant, in ms; a drain is known only once it begins. */
  readonly offsetMs: number;
  readonly forMs: number;
};

/** All changes are paused for a time, from an instant of the simulation on. Times in ms. */
export type Stop = { readonly atMs: number; readonly forMs: number };

/** What the operator does about a hold. */
export type Decision = 'retry' | 'revert';

/** The clock of a run, counted from the beginning of the simulation, in seconds. */
export type Clockwork = {
  readonly t0S: number;
  readonly prewarmS: number;
  /** From T0 to T1; null = it stays. */
  readonly holdS: number | null;
  readonly missedT0: MissedT0;
  /** What a guard does that sees probes fail; null = nothing is guarded. */
  readonly guard: 'hold' | 'revert' | null;
};

/** All that makes a simulated run what it is. Data only, so that it can be shrunk and printed. */
export type Scenario = {
  readonly seed: number;
  /** How long clients keep a connection, in seconds. */
  readonly keepAliveS: number;
  readonly faults: readonly Fault[];
  readonly traps: readonly Trap[];
  readonly outages: readonly Outage[];
  readonly stops: readonly Stop[];
  /** One for each hold; after these, faults stop and the run is reverted. */
  readonly decisions: readonly Decision[];
  /** How long the operator thinks about a hold, in seconds: T1 may come meanwhile. */
  readonly decidesAfterS: number;
  readonly clockwork: Clockwork | null;
  /** Whether a run that is done is reverted. */
  readonly revertsDone: boolean;
};
