/** What SCF keeps. Times are epoch milliseconds. */

export type WorldFunction = {
  region: string;
  namespace: string;
  name: string;
  type: 'Event' | 'HTTP';
  runtime: string;
  handler: string;
  description: string;
  memoryMb: number;
  timeoutS: number;
  initTimeoutS: number;
  environment: Record<string, string>;
  role: string;
  status: 'Creating' | 'Updating' | 'Publishing' | 'Active' | 'CreateFailed' | 'UpdateFailed';
  /** When a transient status becomes Active. */
  settlesAt: number | null;
  createdAt: number;
  modifiedAt: number;
  /** Base64 zip of the mutable code, served as $LATEST. */
  zip: string;
  versions: WorldVersion[];
  /** `$DEFAULT` is always among them, first. */
  aliases: WorldAlias[];
  /** Kinds other than clb: those are read off the load balancers. */
  triggers: WorldTrigger[];
  /** Guaranteed and capped share of the account's concurrency, in MB; null = none. */
  reservedMb: number | null;
  provisioned: WorldProvisioned[];
};

/** An immutable copy made by PublishVersion. */
export type WorldVersion = {
  version: string;
  description: string;
  createdAt: number;
  zip: string;
  handler: string;
  runtime: string;
  memoryMb: number;
  timeoutS: number;
  environment: Record<string, string>;
};

export type WorldAlias = {
  name: string;
  description: string;
  /** `$LATEST` or a number. */
  version: string;
  /** At most one more version that takes a share (0–1) of the calls. */
  extra: { version: string; weight: number } | null;
  createdAt: number;
  modifiedAt: number;
};

export type WorldTrigger = {
  name: string;
  type: string;
  /** As the caller gave it. */
  description: string;
  qualifier: string;
  enabled: boolean;
  customArgument: string;
  note: string;
  createdAt: number;
  modifiedAt: number;
};

/** Instances of a version that are started ahead: how many is said by a number, or follows the concurrency. */
export type WorldProvisioned = {
  /** A version's number. */
  qualifier: string;
  /** How many were warm at `since`: from then on they are started by a fixed number a minute. */
  from: number;
  since: number;
} & (
  | {
      kind: 'Default';
      /** How many are wanted from `since` on, until the first task of the schedule is due. */
      target: number;
      /** `count` are wanted from each time of the 7-field cron expression on. */
      schedule: { name: string; count: number; cron: string }[];
    }
  | {
      kind: 'ConcurrencyUtilizationTracking';
      /** The share (0–1) of the instances that shall be busy, and between which numbers they are kept. */
      tracking: { target: number; min: number; max: number };
    }
);

export type WorldNamespace = { region: string; name: string; description: string; createdAt: number };
