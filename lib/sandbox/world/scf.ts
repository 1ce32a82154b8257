/** The data of SCF. Times are epoch milliseconds. */

/** The code and settings of a function: a published version keeps them unchanged. */
export type WorldFunctionSettings = {
  /** Base64 zip of the code. */
  zip: string;
  handler: string;
  /** The cloud's name, such as `Python3.10`. */
  runtime: string;
  memoryMb: number;
  timeoutS: number;
  initTimeoutS: number;
  environment: Record<string, string>;
  role: string;
  vpc: { vpcId: string; subnetId: string } | null;
  /** Its fixed address in that subnet; absent = it has none. */
  intranetIp?: string | undefined;
  /** The additional destination of its logs; both '' = none. */
  cls: { logsetId: string; topicId: string };
  publicNet: boolean;
  asyncRun: boolean;
  trace: boolean;
  dnsCache: boolean;
  l5: boolean;
  /** For HTTP functions: the number of concurrent requests per instance; null = one. */
  instanceConcurrency: { dynamic: boolean; max: number } | null;
  /** For HTTP functions with WebSockets: the idle time after which a connection is closed. */
  webSocketIdleS: number | null;
};

/** A function, with the settings of `$LATEST`, which can be changed. */
export type WorldFunction = WorldFunctionSettings & {
  region: string;
  namespace: string;
  name: string;
  type: 'Event' | 'HTTP';
  description: string;
  tags: Record<string, string>;
  status: 'Creating' | 'Updating' | 'Active' | 'CreateFailed' | 'UpdateFailed';
  /** The time at which a transient status becomes Active. */
  settlesAt: number | null;
  createdAt: number;
  modifiedAt: number;
  versions: WorldVersion[];
  /** The number published last, possibly of a deleted version: no number is reused. */
  lastVersion: number;
  /** `$DEFAULT` is always included, first. */
  aliases: WorldAlias[];
  /** Kinds other than clb, which are derived from the load balancers. */
  triggers: WorldTrigger[];
  /** Guaranteed and capped share of the account's concurrency, in MB; null = none. */
  reservedMb: number | null;
  provisioned: WorldProvisioned[];
};

/** An immutable copy created by PublishVersion. */
export type WorldVersion = WorldFunctionSettings & {
  version: string;
  description: string;
  createdAt: number;
  /** The time at which its publishing ends; absent = it has ended. */
  activeAt?: number;
};

export type WorldAlias = {
  name: string;
  description: string;
  /** `$LATEST` or a number. */
  version: string;
  /** At most one additional version: it gets a share (0–1) of the calls, or those with a matching routing key. */
  extra: { version: string; weight: number } | null;
  match: { version: string; key: string; method: 'exact' | 'range'; expression: string } | null;
  createdAt: number;
  modifiedAt: number;
};

/** A timer: the kinds that other products trigger require those products. */
export type WorldTrigger = {
  name: string;
  type: 'timer';
  cron: string;
  qualifier: string;
  enabled: boolean;
  /** The `Message` that the function receives. */
  customArgument: string;
  description: string;
  createdAt: number;
  modifiedAt: number;
};

/** Provisioned instances of a version: their number is fixed, or follows the concurrency. */
export type WorldProvisioned = {
  /** A version's number. */
  qualifier: string;
  /** The number warm at `since`: from then on a fixed number per minute is started. */
  from: number;
  since: number;
} & (
  | {
      kind: 'Default';
      /** The number wanted from `since` on, until the first task of the schedule is due. */
      target: number;
      /** `count` instances are wanted from each time of the 7-field cron expression on. */
      schedule: { name: string; count: number; cron: string }[];
    }
  | {
      kind: 'ConcurrencyUtilizationTracking';
      /** The share (0–1) of the instances that should be busy, and the bounds of their number. */
      tracking: { target: number; min: number; max: number };
    }
);

export type WorldNamespace = {
  region: string;
  name: string;
  description: string;
  createdAt: number;
};

/** Returns the alias that every function has: it names `$LATEST` until it is changed. */
export function defaultAlias(createdAt: number): WorldAlias {
  return {
    name: '$DEFAULT',
    description: 'default alias',
    version: '$LATEST',
    extra: null,
    match: null,
    createdAt,
    modifiedAt: createdAt,
  };
}

/** Returns the default settings of a function: https://cloud.tencent.com/document/api/583/18586. */
export function defaultSettings(): Omit<WorldFunctionSettings, 'zip' | 'handler' | 'runtime'> {
  return {
    memoryMb: 128,
    timeoutS: 3,
    initTimeoutS: 65,
    environment: {},
    role: '',
    vpc: null,
    cls: { logsetId: '', topicId: '' },
    publicNet: true,
    asyncRun: false,
    trace: false,
    dnsCache: false,
    l5: false,
    instanceConcurrency: null,
    webSocketIdleS: null,
  };
}

/** Returns a copy of only the settings, which shares nothing with its source. */
export function pickSettings(source: WorldFunctionSettings): WorldFunctionSettings {
  const { zip, handler, runtime, memoryMb, timeoutS, initTimeoutS, environment, role, vpc, cls } = source;
  const { intranetIp, publicNet, asyncRun, trace, dnsCache, l5, instanceConcurrency, webSocketIdleS } =
    source;
  return structuredClone({
    zip,
    handler,
    runtime,
    memoryMb,
    timeoutS,
    initTimeoutS,
    environment,
    role,
    vpc,
    cls,
    publicNet,
    asyncRun,
    trace,
    dnsCache,
    l5,
    instanceConcurrency,
    webSocketIdleS,
    ...(intranetIp === undefined ? {} : { intranetIp }),
  });
}
