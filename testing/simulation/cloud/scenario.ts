import type { MissedT0 } from '@/lib/diversion/cutover';
import type { LiveCommand } from '@/lib/run/model/model';
import type { Fault } from './faults';

/** A place that processes reach, by the beginning of its `PlaceHook` name; and how many of these are skipped before. */
export type Moment = { readonly at: string; readonly nth: number };

/** Someone else's change to an object of the plan, by its number among them. */
export type Edit = {
  readonly object: number;
} /** Does or undoes a step of the plan manually: puts the object into a state of one of its steps. */ & (
  | { readonly kind: 'step'; readonly step: number; readonly state: 'before' | 'after' }
  /** An unrelated change. */
  | { readonly kind: 'own'; readonly variant: number }
);

/** An event of a run besides faults of the cloud. Times in ms. */
export type SimulatedEvent =
  /** `forgets`: a newer version restarts the run from its beginning, with only the journal. */
  | {
      readonly kind: 'crash';
      readonly afterMs: number;
      readonly restartMs: number;
      readonly forgets: boolean;
    }
  /** The process is frozen; another one recovers the run meanwhile, or none does in time. */
  | { readonly kind: 'freeze'; readonly forMs: number; readonly takeOverMs: number | null }
  | { readonly kind: 'edit'; readonly edit: Edit }
  | { readonly kind: 'jump'; readonly byMs: number }
  /** The operator sends a command to the run. */
  | { readonly kind: 'command'; readonly command: LiveCommand };

export type Trigger = { readonly moment: Moment; readonly event: SimulatedEvent };

/**
 * The cloud, and everything that probes reach, is unreachable for a time: from an instant of the run's clock on, or its
 * equivalent.
 */
export type Outage = {
  readonly at: 'T0' | 'T1' | 'drain';
  /** Before (negative) or after that instant, in ms; a drain is known only once it begins. */
  readonly offsetMs: number;
  readonly forMs: number;
};

/** All changes are paused, or a gate is off, for a time, from an instant of the simulation on. Times in ms. */
export type Stop = { readonly atMs: number; readonly forMs: number };

/** The operator's decision about a stop. */
export type ScenarioDecision = 'continue' | 'rollback';

/** The schedule of a run, counted from the beginning of the simulation, in seconds. */
export type Clockwork = {
  readonly t0S: number;
  readonly prewarmS: number;
  /** The time from T0 to T1; null = it stays. */
  readonly holdS: number | null;
  readonly missedT0: MissedT0;
  /** The reaction of a guard that sees probes fail; null = there is no guard. */
  readonly guard: 'stop' | 'rollback' | null;
};

/** Everything that defines a simulated run. Data only, so that it can be shrunk and printed. */
export type Scenario = {
  readonly seed: number;
  /** The time that clients keep a connection, in seconds. */
  readonly keepAliveS: number;
  readonly faults: readonly Fault[];
  readonly triggers: readonly Trigger[];
  readonly outages: readonly Outage[];
  readonly stops: readonly Stop[];
  /** When the gate of a safety rule is off, and for how long. */
  readonly gates: readonly Stop[];
  /** One for each stop; after these, faults stop and the run is rolled back. */
  readonly decisions: readonly ScenarioDecision[];
  /** The time that the operator takes to decide on a stop, in seconds: T1 may arrive meanwhile. */
  readonly decidesAfterS: number;
  readonly clockwork: Clockwork | null;
  /** True if a completed run is rolled back. */
  readonly rollbackStepsDone: boolean;
};
