/** What SCF keeps. Times are epoch milliseconds. */

/** What a function runs and how: a published version keeps it as it was. */
export type WorldFunctionSettings = {
  /** Base64 zip of the code. */
  zip: string;
  handler: string;
  /** The cloud's name, as `Python3.10`. */
  runtime: string;
  memoryMb: number;
  timeoutS: number;
  initTimeoutS: number;
  environment: Record<string, string>;
  role: string;
  vpc: { vpcId: string; subnetId: string } | null;
  /** Its fixed address in that subnet; absent = it has none. */
  intranetIp?: string | undefined;
  /** Where its logs go besides; both '' = nowhere. */
  cls: { logsetId: string; topicId: string };
  publicNet: boolean;
  asyncRun: boolean;
  trace: boolean;
  dnsCache: boolean;
  l5: boolean;
  /** Of HTTP functions: how many requests an instance takes at once; null = one. */
  instanceConcurrency: { dynamic: boolean; max: number } | null;
  /** Of HTTP functions that take WebSockets: when an idle one is closed. */
  webSocketIdleS: number | null;
};

/** With the settings that `$LATEST` runs with, which can be changed. */
export type WorldFunction = WorldFunctionSettings & {
  region: string;
  namespace: string;
  name: string;
  type: 'Event' | 'HTTP';
  description: string;
  tags: Record<string, string>;
  /** Publishing: only in data of older releases; today a version is published by itself. */
  status: 'Creating' | 'Updating' | 'Publishing' | 'Active' | 'CreateFailed' | 'UpdateFailed';
  /** When a transient status becomes Active. */
  settlesAt: number | null;
  createdAt: number;
  modifiedAt: number;
  versions: WorldVersion[];
  /** The number that was published last, of a version that may be gone: no number is given twice. */
  lastVersion: number;
  /** `$DEFAULT` is always among them, first. */
  aliases: WorldAlias[];
  /** Kinds other than clb: those are read off the load balancers. */
  triggers: WorldTrigger[];
  /** Guaranteed and capped share of the account's concurrency, in MB; null = none. */
  reservedMb: number | null;
  provisioned: WorldProvisioned[];
};

/** An immutable copy made by PublishVersion. */
export type WorldVersion = WorldFunctionSettings & {
  version: string;
  description: string;
  createdAt: number;
  /** When its publishing ends; absent = it has. */
  activeAt?: number;
};

export type WorldAlias = {
  name: string;
  description: string;
  /** `$LATEST` or a number. */
  version: string;
  /** At most one more version: it takes a share (0–1) of the calls, or those with a routing key that matches. */
  extra: { version: string; weight: number } | null;
  match: { version: string; key: string; method: 'exact' | 'range'; expression: string } | null;
  createdAt: number;
  modifiedAt: number;
};

/** A timer: the kinds that other products trigger need those products. */
export type WorldTrigger = {
  name: string;
  type: 'timer';
  cron: string;
  qualifier: string;
  enabled: boolean;
  /** What the function gets as `Message`. */
  customArgument: string;
  description: string;
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

export type WorldNamespace = {
  region: string;
  name: string;
  description: string;
  createdAt: number;
  /** Absent = never since. */
  modifiedAt?: number;
};
