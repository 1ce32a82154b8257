import { z } from 'zod';
import { listOidcIssues, oidcShape } from './oidc-settings';
import { isRegionCode } from './region-code';
import { err, ok, type Result } from './result';

/** A whole number given as text, within bounds. */
const integer = (min: number, max: number, fallback: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .default(String(fallback))
    .transform(Number)
    .refine((n) => n >= min && n <= max, `must be between ${min} and ${max}`);
/** An interval in seconds; 0 = never. */
const pace = (fallback: number) =>
  integer(0, 86_400, fallback).refine((n) => n === 0 || n >= 10, 'must be 0 or at least 10');
const port = (fallback: number) => integer(1, 65535, fallback);

const isLoopback = (host: string) => /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/.test(host);

/** Returns whether other machines may reach the dashboard, directly or through a proxy. */
function isOnNetwork({ HOST, SPILLWAY_URL: url }: { HOST: string; SPILLWAY_URL?: string | undefined }) {
  return !isLoopback(HOST) || (url !== undefined && !isLoopback(new URL(url).hostname));
}

/** The address of the dashboard for people: scheme, host and port. */
const PublicUrl = z
  .url({ protocol: /^https?$/, error: 'must be a URL such as https://spillway.example.com' })
  .refine((text) => new URL(text).pathname === '/' && !/[?#@]/.test(text), 'must have no path, query or user')
  .transform((text) => new URL(text).origin);

const Address = z.union([z.ipv4(), z.ipv6()]);
const Network = z.union([Address, z.cidrv4(), z.cidrv6()]);
/** IP addresses and networks, separated by commas. */
const Networks = z
  .string()
  .transform((text) => text.split(',').map((each) => each.trim()))
  .refine(
    (list) => list.every((each) => Network.safeParse(each).success),
    'must be IP addresses or networks such as 10.0.0.0/8, separated by commas',
  );

const databaseUrl = z.string().regex(/^postgres(ql)?:\/\//, 'must start with postgres:// or postgresql://');

/** Private keys, separated by commas. The error message never includes the value. */
const SealingKeys = z
  .string()
  .transform((text) => text.split(',').map((key) => key.trim()))
  .refine(
    (keys) =>
      keys.every((key) => z.base64().safeParse(key).success && Buffer.from(key, 'base64').length === 32),
    'must be keys of 32 bytes in base64, separated by commas',
  );

const Hosts = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((host) => host.trim().toLowerCase())
      .filter(Boolean),
  )
  .refine(
    (hosts) => hosts.every((host) => /^([a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])$/.test(host)),
    'must be host names or addresses without ports, such as 10.0.0.5,hooks.internal',
  );

const Regions = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((region) => region.trim())
      .filter(Boolean),
  )
  .refine(
    (regions) => regions.length > 0 && regions.every(isRegionCode),
    'must be regions such as ap-singapore',
  );

/** The expiry of temporary keys. */
const Expiry = z.iso.datetime({
  offset: true,
  error: 'must be an instant such as 2026-12-12T20:00:00+07:00',
});

const Site = z.enum(['mainland', 'international']);
const Language = z.enum(['en-US', 'zh-CN']);

/** A real account beside the first one; its name becomes part of its connection's id. */
const FurtherAccount = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/),
  secretId: z.string().min(1),
  secretKey: z.string().min(1),
  token: z.string().min(1).optional(),
  expiresAt: Expiry.optional(),
  regions: Regions.optional(),
  site: Site.optional(),
  language: Language.optional(),
});

/** The error message never includes the value: it contains keys. */
const accountsForm =
  'must be a JSON list of {"name","secretId","secretKey"} with names of a-z, 0-9 and hyphens, each once; "regions", "site" and "language" may be added, and "token" together with "expiresAt", such as 2026-12-12T20:00:00+07:00';
const FurtherAccounts = z.string().transform((text, context) => {
  const list = z.array(FurtherAccount).min(1);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = null;
  }
  const parsed = list.safeParse(json);
  const names = new Set(parsed.data?.map(({ name }) => name));
  const isDated = parsed.data?.every((each) => (each.token === undefined) === (each.expiresAt === undefined));
  if (parsed.success && isDated && names.size === parsed.data.length) return parsed.data;
  context.addIssue({ code: 'custom', message: accountsForm });
  return z.NEVER;
});

/**
 * Every setting of Spillway, read from the environment once at the start of each process. docs/settings.md lists all
 * names, defaults and meanings.
 */
const Settings = z
  .object({
    /** Port of the dashboard. */
    PORT: port(3000),
    /** The address that the dashboard listens on. */
    HOST: z
      .string()
      .refine((text) => Address.safeParse(text).success, 'must be an IP address, such as 0.0.0.0')
      .default('127.0.0.1'),
    /** The address that people open, if it is not the one that the dashboard listens on. */
    SPILLWAY_URL: PublicUrl.optional(),
    /** PEM files with the certificate chain and its key: the dashboard then speaks HTTPS. */
    SPILLWAY_TLS_CERT: z.string().min(1).optional(),
    SPILLWAY_TLS_KEY: z.string().min(1).optional(),
    /** The proxies whose X-Forwarded-For is believed, and which terminate TLS. */
    SPILLWAY_TRUSTED_PROXIES: Networks.optional(),
    /** The folder of the database, the sandbox data and the log; relative to the project. */
    SPILLWAY_DATA_DIR: z.string().min(1).default('.spillway'),
    /** Any Postgres; without it an embedded one runs in the data directory. */
    DATABASE_URL: databaseUrl.optional(),
    /**
     * The same database, as a role that can only do what the dashboard needs, and one for workers: docs/operations.md.
     */
    SPILLWAY_WEB_DATABASE_URL: databaseUrl.optional(),
    SPILLWAY_WORKER_DATABASE_URL: databaseUrl.optional(),
    /**
     * Next's key for what pages carry for their server actions: all dashboards on one database need the same. If it is
     * not set, the launcher passes them that of the file below the data folder. AES accepts 16, 24 or 32 bytes.
     */
    NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: z
      .base64('must be base64')
      .refine(
        (text) => [16, 24, 32].includes(Buffer.from(text, 'base64').length),
        'must be 16, 24 or 32 bytes',
      )
      .optional(),
    /** `on`: people sign in to the dashboard, and a role decides what they may do. */
    SPILLWAY_SIGN_IN: z.enum(['off', 'on']).default('on'),
    ...oidcShape,
    /**
     * The keys with which workers open the keys of connections and the targets of alert channels (X25519). All open, and
     * the first one seals. Without them, the launcher makes the file below the data folder, whose path it passes.
     */
    SPILLWAY_SEALING_KEYS: SealingKeys.optional(),
    SPILLWAY_SEALING_KEY_FILE: z.string().min(1).optional(),
    /**
     * The key that signs the links of alerts: workers sign, and the dashboard verifies. If not set, the launcher passes that
     * of the file below the data folder.
     */
    SPILLWAY_LINK_KEY: z
      .base64('must be base64')
      .refine((text) => Buffer.from(text, 'base64').length >= 32, 'must be at least 32 bytes')
      .optional(),
    /** Hosts that alerts may be sent to although their addresses are not public, separated by commas. */
    SPILLWAY_ALERT_PRIVATE_HOSTS: Hosts.optional(),
    SPILLWAY_ROLE: z.enum(['all', 'web', 'worker']).default('all'),
    /** The name of a worker; one of each name runs at a time. The machine's name by default. */
    SPILLWAY_WORKER_NAME: z
      .string()
      .regex(
        /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/,
        'must be up to 63 letters, digits, dots, dashes and underscores',
      )
      .optional(),
    SPILLWAY_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
    /** The sandbox's ports: its API, its DNS server (UDP and TCP) and its control API. */
    SPILLWAY_SANDBOX_PORT: port(3001),
    SPILLWAY_SANDBOX_DNS_PORT: port(3053),
    SPILLWAY_SANDBOX_CONTROL_PORT: port(3002),
    /** The port of the caching resolver in front of that DNS server (UDP and TCP). */
    SPILLWAY_SANDBOX_RESOLVER_PORT: port(3054),
    /** The file with the address of the control API; the launcher passes it to the dashboard. */
    SPILLWAY_SANDBOX_CONTROL: z.string().min(1).optional(),
    /** The /16 of loopback in which the sandbox's load balancers and servers listen. */
    SPILLWAY_VIP_NETWORK: z
      .string()
      .refine((text) => {
        const second = Number(/^127\.(\d{1,3})\.0\.0\/16$/.exec(text)?.[1]);
        return second >= 1 && second <= 255;
      }, 'must be a /16 inside 127.0.0.0/8, such as 127.77.0.0/16; 127.0.0.0/16 is taken by other programs')
      .default('127.77.0.0/16'),
    /** The duration of a task of the sandbox's load balancers, in ms. */
    SPILLWAY_SANDBOX_TASK_MS: integer(0, 60_000, 1000),
    /**
     * Permits or refuses to run functions without a jail in the sandbox, if the machine has none, beside real accounts.
     */
    SPILLWAY_SANDBOX_UNJAILED_FUNCTIONS: z.enum(['refuse', 'allow']).default('refuse'),
    /** The time that clients keep a connection open: nothing is unbound before. CLB's default is 75 s. */
    SPILLWAY_KEEP_ALIVE_S: integer(0, 3600, 75),
    /** A plan that moves more than this share of an estate gets a warning, in %. */
    SPILLWAY_MAX_SHARE_PERCENT: integer(1, 100, 25),
    /** The interval of automatic syncs of what changes often (DNS records, lists, health), in seconds; 0 = never. */
    SPILLWAY_SYNC_PARTS_S: pace(60),
    /** The interval of automatic full syncs, in seconds; 0 = never. */
    SPILLWAY_SYNC_WHOLE_S: pace(600),
    /** The interval at which the traffic of diverted names is measured, in seconds; 0 = never. */
    SPILLWAY_TRAFFIC_S: pace(60),
    /** The interval at which runs that have moved traffic are probed, in seconds; 0 = never. */
    SPILLWAY_PROBE_S: integer(0, 60, 10).refine((n) => n === 0 || n >= 5, 'must be 0 or at least 5'),
    /** The time for which a run is probed after its end, in seconds; 0 = not at all. */
    SPILLWAY_PROBE_AFTER_S: integer(0, 86_400, 600),
    /** The retention of the history of snapshots, in days. */
    SPILLWAY_HISTORY_DAYS: integer(1, 3650, 30),
    /** The number of days that the details of runs and of background work are kept after their end. */
    SPILLWAY_JOURNAL_DAYS: integer(2, 3650, 90),
    /**
     * An OpenTelemetry collector (OTLP over HTTP) that traces are sent to, such as http://127.0.0.1:4318; without it
     * none are sent.
     */
    OTEL_EXPORTER_OTLP_ENDPOINT: z
      .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
      .optional(),
    /** Headers for it, `name=value` separated by commas; they may contain a token. */
    OTEL_EXPORTER_OTLP_HEADERS: z.string().min(1).optional(),
    /**
     * For crash tests: the worker kills itself once when runs have reached all of these fault points, such as
     * `afterCall:s2`.
     */
    SPILLWAY_FAULT_POINT: z
      .string()
      .regex(
        /^(([\w-]+\/)?(afterIntent|afterCall|duringWait|afterRecord):[sr]\d+(,(?=.)|$))+$/,
        'must be PLACE:STEP or CONNECTION/PLACE:STEP, such as afterCall:s2, or several of them with commas between',
      )
      .optional(),
    /** A real account: its keys are passed to the worker alone and are stored nowhere. */
    TENCENTCLOUD_SECRET_ID: z.string().min(1).optional(),
    TENCENTCLOUD_SECRET_KEY: z.string().min(1).optional(),
    TENCENTCLOUD_TOKEN: z.string().min(1).optional(),
    /** The expiry of the temporary key: nothing is scheduled past it. */
    TENCENTCLOUD_TOKEN_EXPIRES: Expiry.optional(),
    /** Regions to read in the real account, separated by commas. */
    TENCENTCLOUD_REGIONS: Regions.default(['ap-singapore', 'ap-jakarta']),
    /** The site that the real account belongs to. */
    TENCENTCLOUD_SITE: Site.default('mainland'),
    /** The language of the cloud's messages. */
    TENCENTCLOUD_LANGUAGE: Language.default('en-US'),
    /** Further real accounts, as JSON. */
    TENCENTCLOUD_ACCOUNTS: FurtherAccounts.optional(),
  })
  .refine((s) => (s.TENCENTCLOUD_SECRET_ID === undefined) === (s.TENCENTCLOUD_SECRET_KEY === undefined), {
    message: 'TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY go together',
    path: ['TENCENTCLOUD_SECRET_KEY'],
    // Beside all other errors, so that all are reported at once.
    when: () => true,
  })
  .refine((s) => (s.SPILLWAY_TLS_CERT === undefined) === (s.SPILLWAY_TLS_KEY === undefined), {
    message: 'SPILLWAY_TLS_CERT and SPILLWAY_TLS_KEY go together',
    path: ['SPILLWAY_TLS_KEY'],
    when: () => true,
  })
  .superRefine((s, context) => {
    for (const { path, message } of listOidcIssues(s))
      context.addIssue({ code: 'custom', path: [path], message });
  })
  .refine((s) => s.SPILLWAY_OIDC_ISSUER === undefined || s.SPILLWAY_SIGN_IN === 'on', {
    message: 'must be on for single sign-on (SPILLWAY_OIDC_ISSUER)',
    path: ['SPILLWAY_SIGN_IN'],
  })
  .refine((s) => !isOnNetwork(s) || s.SPILLWAY_SIGN_IN === 'on', {
    message: 'must be on if the dashboard is reached from other machines (HOST, SPILLWAY_URL)',
    path: ['SPILLWAY_SIGN_IN'],
  })
  .refine((s) => !isOnNetwork(s) || s.SPILLWAY_URL?.startsWith('https://') === true, {
    message:
      'must be the https address that people open, such as https://spillway.example.com, if the dashboard is reached from other machines',
    path: ['SPILLWAY_URL'],
  })
  .refine(
    (s) =>
      !(isOnNetwork(s) || s.SPILLWAY_URL?.startsWith('https://')) ||
      s.SPILLWAY_TLS_CERT !== undefined ||
      s.SPILLWAY_TRUSTED_PROXIES !== undefined,
    {
      message: 'is needed for https, or SPILLWAY_TRUSTED_PROXIES with the address of the proxy that has it',
      path: ['SPILLWAY_TLS_CERT'],
    },
  )
  .refine(
    (s) =>
      (s.SPILLWAY_WEB_DATABASE_URL === undefined) === (s.SPILLWAY_WORKER_DATABASE_URL === undefined) &&
      (s.SPILLWAY_WEB_DATABASE_URL === undefined || s.DATABASE_URL !== undefined),
    {
      message:
        'goes with SPILLWAY_WORKER_DATABASE_URL and with the DATABASE_URL of the role that owns the tables',
      path: ['SPILLWAY_WEB_DATABASE_URL'],
      when: () => true,
    },
  )
  .refine((s) => s.TENCENTCLOUD_TOKEN === undefined || s.TENCENTCLOUD_SECRET_ID !== undefined, {
    message: 'goes with the temporary TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY that it belongs to',
    path: ['TENCENTCLOUD_TOKEN'],
    when: () => true,
  })
  .refine((s) => (s.TENCENTCLOUD_TOKEN === undefined) === (s.TENCENTCLOUD_TOKEN_EXPIRES === undefined), {
    message: 'TENCENTCLOUD_TOKEN and TENCENTCLOUD_TOKEN_EXPIRES, the end of its validity, go together',
    path: ['TENCENTCLOUD_TOKEN_EXPIRES'],
    when: () => true,
  });
export type Settings = z.infer<typeof Settings>;

/** Returns the address that people open, as scheme, host and port. */
export function publicUrl({
  PORT,
  SPILLWAY_URL,
  SPILLWAY_TLS_CERT,
}: Pick<Settings, 'PORT' | 'SPILLWAY_URL' | 'SPILLWAY_TLS_CERT'>): string {
  return SPILLWAY_URL ?? `${SPILLWAY_TLS_CERT === undefined ? 'http' : 'https'}://127.0.0.1:${PORT}`;
}

/**
 * Parses the environment.
 * @returns the settings, or one line per bad setting (all of them at once), each with its name, never its value: a
 * value may be a secret.
 */
export function parseSettings(
  env: Readonly<Record<string, string | undefined>>,
): Result<Settings, readonly string[]> {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = Settings.safeParse(given);
  if (parsed.success) return ok(parsed.data);
  return err(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
}
