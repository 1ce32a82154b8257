import { oidcNames } from '@/lib/oidc-settings';
import type { Settings } from '@/lib/settings';

type Environment = Readonly<Record<string, string | undefined>>;

/** The system variables that any Node program needs. */
const SYSTEM = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TMPDIR', 'TZ', 'NODE_EXTRA_CA_CERTS'];
/** Proxy settings for reaching the real cloud. */
const PROXY = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'];
const OWN_SETTINGS = [
  'PORT',
  'HOST',
  'SPILLWAY_URL',
  'SPILLWAY_TLS_CERT',
  'SPILLWAY_TLS_KEY',
  'SPILLWAY_TRUSTED_PROXIES',
  'SPILLWAY_DATA_DIR',
  'SPILLWAY_ROLE',
  'SPILLWAY_SIGN_IN',
  'SPILLWAY_ALERT_PRIVATE_HOSTS',
  'SPILLWAY_WORKER_NAME',
  'SPILLWAY_LOG_LEVEL',
  'SPILLWAY_SANDBOX_PORT',
  'SPILLWAY_SANDBOX_DNS_PORT',
  'SPILLWAY_SANDBOX_CONTROL_PORT',
  'SPILLWAY_SANDBOX_RESOLVER_PORT',
  'SPILLWAY_VIP_NETWORK',
  'SPILLWAY_SANDBOX_TASK_MS',
  'SPILLWAY_SANDBOX_UNJAILED_FUNCTIONS',
  'SPILLWAY_KEEP_ALIVE_S',
  'SPILLWAY_MAX_SHARE_PERCENT',
  'SPILLWAY_HISTORY_DAYS',
  'SPILLWAY_JOURNAL_DAYS',
  'SPILLWAY_SYNC_PARTS_S',
  'SPILLWAY_SYNC_WHOLE_S',
  'SPILLWAY_TRAFFIC_S',
  'SPILLWAY_PROBE_S',
  'SPILLWAY_PROBE_AFTER_S',
  'SPILLWAY_FAULT_POINT',
];
/** The destination of traces; the exporter reads these variables itself. */
const TRACING = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_HEADERS', 'OTEL_RESOURCE_ATTRIBUTES'];
const REAL_ACCOUNT = [
  'TENCENTCLOUD_SECRET_ID',
  'TENCENTCLOUD_SECRET_KEY',
  'TENCENTCLOUD_TOKEN',
  'TENCENTCLOUD_TOKEN_EXPIRES',
  'TENCENTCLOUD_REGIONS',
  'TENCENTCLOUD_SITE',
  'TENCENTCLOUD_LANGUAGE',
  'TENCENTCLOUD_ACCOUNTS',
];

/** Secrets that all processes on one database share, in base64. */
export type SharedKeys = {
  /** Signs cookies, and encrypts second factors and the data of server actions in pages. */
  readonly actions: string;
  /** Signs the links of alerts; undefined = this machine has no such key, so there are none. */
  readonly links: string | undefined;
};

/** The private keys of workers. The dashboard has none: it reads the public key from the database. */
export type WorkerKeys = {
  /** As in the settings; undefined = they are in the file. */
  readonly sealingKeys: string | undefined;
  readonly sealingKeyFile: string;
};

/**
 * Returns the environment of the dashboard, which reads and enqueues; it contains no cloud keys.
 * @param keys the secrets that all processes on one database share
 * @param controlFile the file with the address of the sandbox's control API; null if there is no sandbox
 */
export function webEnvironment(
  env: Environment,
  databaseUrl: string,
  keys: SharedKeys,
  controlFile: string | null,
): NodeJS.ProcessEnv {
  return {
    ...pick(env, [...SYSTEM, ...OWN_SETTINGS, ...oidcNames, ...TRACING]),
    DATABASE_URL: databaseUrl,
    NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: keys.actions,
    SPILLWAY_LINK_KEY: keys.links,
    NEXT_TELEMETRY_DISABLED: '1',
    ...(controlFile === null ? {} : { SPILLWAY_SANDBOX_CONTROL: controlFile }),
  };
}

/**
 * Returns the environment of the worker. Only the worker calls the cloud, so only the worker gets keys.
 * @param sandbox the sandbox's ready line (JSON), with its keys; undefined if there is no sandbox
 */
export function workerEnvironment(
  env: Environment,
  databaseUrl: string,
  { sealingKeys, sealingKeyFile, links }: WorkerKeys & Pick<SharedKeys, 'links'>,
  sandbox: string | undefined,
): NodeJS.ProcessEnv {
  return {
    ...pick(env, [...SYSTEM, ...PROXY, ...OWN_SETTINGS, ...TRACING, ...REAL_ACCOUNT]),
    DATABASE_URL: databaseUrl,
    SPILLWAY_SEALING_KEYS: sealingKeys,
    SPILLWAY_SEALING_KEY_FILE: sealingKeyFile,
    SPILLWAY_LINK_KEY: links,
    ...(sandbox === undefined ? {} : { SPILLWAY_SANDBOX: sandbox }),
  };
}

/**
 * Returns whether functions may only run jailed: if the worker has keys of real accounts, code with access to this
 * machine's files or ports could use them.
 * @param mayStoreKeys the database has sealed keys of a real account, which the worker can open, or is not read yet
 */
export function jailsFunctionsOnly(settings: Settings, mayStoreKeys: boolean): boolean {
  const { TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_ACCOUNTS, SPILLWAY_SANDBOX_UNJAILED_FUNCTIONS } = settings;
  const hasAccount =
    mayStoreKeys || TENCENTCLOUD_SECRET_ID !== undefined || TENCENTCLOUD_ACCOUNTS !== undefined;
  return hasAccount && SPILLWAY_SANDBOX_UNJAILED_FUNCTIONS === 'refuse';
}

/**
 * Returns the environment of the sandbox, which runs untrusted code: its flags and only the variables that Node needs.
 */
export function sandboxEnvironment(env: Environment, settings: Settings): NodeJS.ProcessEnv {
  return { ...pick(env, SYSTEM), SPILLWAY_LOG_LEVEL: settings.SPILLWAY_LOG_LEVEL };
}

function pick(env: Environment, names: readonly string[]): NodeJS.ProcessEnv {
  const given = names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]));
  return { ...Object.fromEntries(given), NODE_ENV: 'production' };
}
