import type { Answer } from './answer';

export type SandboxFault = {
  readonly id: string;
  /** The fault as injected: its kind, and the calls or objects that it affects. */
  readonly spec: { readonly kind: string } & Readonly<Record<string, unknown>>;
  /** The number of further calls that it hits; null = no end, 0 = it is used up. */
  readonly remaining: number | null;
  readonly hits: number;
  readonly lastHits: readonly { readonly action: string; readonly requestId: string }[];
  readonly outcome: string | null;
};

export type SandboxAssumption = {
  readonly name: string;
  readonly about: string;
  readonly current: string | number;
  readonly choices?: readonly string[] | undefined;
  readonly unit?: string | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
};

/** `sandbox.get`: the sandbox as its control API shows it. Times are epoch milliseconds unless marked ISO. */
/** An object by its name in the control API, with its display name; '' = none. */
export type SandboxObject = { readonly value: string; readonly hint: string };

export type SandboxObjects = {
  /** By UIN. */
  readonly accounts: readonly SandboxObject[];
  readonly instances: readonly SandboxObject[];
  /** As `region/namespace/name`. */
  readonly functions: readonly SandboxObject[];
  /** Load balancers, and the domains that they and DNS serve. */
  readonly callObjects: readonly SandboxObject[];
  readonly regions: readonly string[];
};

export type SandboxView = {
  /** ISO. */
  readonly readAt: string;
  readonly seed: string;
  readonly seeds: readonly string[];
  /** `rate`: how many times as fast as real time; 0 = the clock is stopped. */
  readonly clock: { readonly mode: 'real' | 'virtual'; readonly now: number; readonly rate: number };
  readonly taskMs: number;
  readonly tasksRunning: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly runtimes: {
    /** Versions of the interpreters; null = none starts. */
    readonly python: string | null;
    /** True if that is Pyodide, because there is no python3. */
    readonly pyodide: boolean;
    readonly node: string | null;
    readonly isolation: 'jail' | 'user' | 'weak';
    /** The reason why the isolation is not the strongest; null if it is. */
    readonly weakerBecause: string | null;
    /** If true, functions that cannot be jailed do not run. */
    readonly jailOnly: boolean;
    /** `filtered`: system calls that functions do not need are denied. */
    readonly systemCalls: 'filtered' | 'open';
    /** The limiter of the total memory of a function's processes: the kernel, the sandbox, or nothing. */
    readonly totalMemory: 'cgroup' | 'watched' | 'each';
  } | null;
  readonly faults: readonly SandboxFault[];
  readonly assumptions: readonly SandboxAssumption[];
  /** The objects that a fault may be about, as the newest syncs of sandbox accounts found them. */
  readonly objects: SandboxObjects;
  /** Writes that took effect. */
  readonly effects: readonly { readonly action: string; readonly object: string; readonly count: number }[];
  readonly log: readonly {
    readonly number: number;
    readonly level: 'debug' | 'info' | 'warn' | 'error';
    readonly at: string;
    readonly text: string;
    readonly action: string | null;
    readonly requestId: string | null;
    readonly code: string | null;
  }[];
};

/**
 * A command that an operator may give the sandbox. `order` of a clock or a fault has the form that the control API
 * takes.
 */
export type SandboxCommand =
  | { readonly kind: 'clock' | 'addFault'; readonly order: Readonly<Record<string, unknown>> }
  | { readonly kind: 'taskTime'; readonly ms: number }
  | { readonly kind: 'reset' | 'clearAllFaults' }
  | { readonly kind: 'seed'; readonly name: string }
  | { readonly kind: 'assume'; readonly values: Readonly<Record<string, string | number>> }
  | { readonly kind: 'clearFault'; readonly id: string };

export type CommandSandboxAction = (command: SandboxCommand) => Answer<null>;
