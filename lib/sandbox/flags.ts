import { parseArgs } from 'node:util';
import { err, ok, type Result } from '@/lib/result';
import { seedNames } from './seeds/seeds';
import { Assumptions } from './world/assumptions';

export type SandboxFlags = {
  /** 0 = any free port; likewise below. */
  readonly port: number;
  /** The port of the API over TLS. */
  readonly tlsPort: number;
  readonly dnsPort: number;
  readonly resolverPort: number;
  /** Each as `*.` and a domain. */
  readonly acceptHosts: readonly string[];
  readonly seed: string;
  readonly stateFile: string | null;
  /** Accounts get well-known keys instead of random ones. */
  readonly fixedKeys: boolean;
  /** null = no control API. */
  readonly controlPort: number | null;
  readonly vipNetwork: string;
  readonly taskMs: number;
  /** Functions run in the jail or not at all. */
  readonly jailOnly: boolean;
  readonly assumptions: Assumptions;
};

const options = {
  help: { type: 'boolean', short: 'h' },
  port: { type: 'string' },
  'tls-port': { type: 'string' },
  'dns-port': { type: 'string' },
  'resolver-port': { type: 'string' },
  'accept-host': { type: 'string', multiple: true },
  seed: { type: 'string' },
  state: { type: 'string' },
  'fixed-keys': { type: 'boolean' },
  control: { type: 'boolean' },
  'control-port': { type: 'string' },
  'vip-network': { type: 'string' },
  'task-ms': { type: 'string' },
  'jail-only': { type: 'boolean' },
  assume: { type: 'string', multiple: true },
} as const;

/** The text that `--help` prints: every flag and its use. */
export const usage = `The sandbox emulates Tencent Cloud on this machine, for any official client.

  npm run sandbox -- [flags]

--port N              port of the API on 127.0.0.1 (default 0: any)
--tls-port N          port of the API over TLS, for clients without plain HTTP (default 0: any)
--dns-port N          port of the DNS server on 127.0.0.1, UDP and TCP (default 0: any)
--resolver-port N     port of a resolver that caches answers for their TTL (default 0: any)
--accept-host NAME    answer to this host name, too, for clients with fixed endpoints: '*.tencentcloudapi.com'; may be
                      repeated
--seed NAME           initial sandbox data: ${seedNames.join(', ')} (default flash-sale)
--state FILE          keep the sandbox data in this file and continue from it; the keys are beside it (world.keys.json)
--fixed-keys          use publicly known keys instead of random ones; for tests only
--control             open the control API for clock, faults and sandbox data (loopback, with a token)
--control-port N      port of the control API; opens it
--vip-network NET     /16 of loopback addresses for load balancers and servers (default 127.77.0.0/16)
--task-ms N           duration of a load balancer task, in ms (default 1000)
--jail-only           refuse to run functions if this machine can't jail them
--assume NAME=VALUE   set an assumption about undocumented behavior; may be repeated
--help                show this text

The first line on stdout is JSON with the addresses of the API, the DNS server and the control API, and the random
keys of each account. The log follows, one JSON object per line.

Examples:
  npm run sandbox
  npm run sandbox -- --port 3001 --dns-port 3053 --state world.json
  npm run sandbox -- --seed small --control --assume http.noBackend=502
`;

/** The command that the command line requests. */
export type SandboxCommandLine =
  | { readonly kind: 'help' }
  | { readonly kind: 'start'; readonly flags: SandboxFlags };

/**
 * Parses the command line.
 * @returns the command, or one line for each flag that is wrong.
 */
export function parseFlags(args: readonly string[]): Result<SandboxCommandLine, readonly string[]> {
  const { values, tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  if (values.help !== undefined) return ok({ kind: 'help' });
  const problems = tokens.flatMap(unusable);
  const bad = new Set(problems.map((problem) => problem.split(' ')[0]));
  const text = (name: string, usual: string): string => {
    const value = values[name];
    return typeof value === 'string' && !bad.has(`--${name}`) ? value : usual;
  };
  const whole = (name: string, usual: string, max: number): number => {
    const given = text(name, usual);
    const value = Number(given);
    if (!/^\d+$/.test(given) || value > max) problems.push(`--${name} must be a whole number up to ${max}`);
    return value;
  };
  const seed = text('seed', 'flash-sale');
  if (!seedNames.includes(seed)) problems.push(`--seed must be one of ${seedNames.join(', ')}`);
  const vipNetwork = text('vip-network', '127.77.0.0/16');
  const [, second] = /^127\.(\d{1,3})\.0\.0\/16$/.exec(vipNetwork) ?? [];
  if (second === undefined || Number(second) < 1 || Number(second) > 255) {
    problems.push('--vip-network must be 127.1.0.0/16 to 127.255.0.0/16');
  }
  const assumptions = new Assumptions();
  for (const given of [values.assume ?? []].flat()) {
    if (typeof given === 'string') problems.push(...assume(assumptions, given));
  }
  const acceptHosts = [values['accept-host'] ?? []].flat().map((name) => String(name).toLowerCase());
  if (acceptHosts.some((name) => !/^\*(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?){2,8}$/.test(name))) {
    problems.push("--accept-host must be '*.' and a domain, such as '*.tencentcloudapi.com'");
  }
  const isControlled = values.control !== undefined || values['control-port'] !== undefined;
  const flags: SandboxFlags = {
    port: whole('port', '0', 65_535),
    tlsPort: whole('tls-port', '0', 65_535),
    dnsPort: whole('dns-port', '0', 65_535),
    resolverPort: whole('resolver-port', '0', 65_535),
    acceptHosts,
    seed,
    stateFile: text('state', '') || null,
    fixedKeys: values['fixed-keys'] !== undefined,
    controlPort: isControlled ? whole('control-port', '0', 65_535) : null,
    vipNetwork,
    taskMs: whole('task-ms', '1000', 3_600_000),
    jailOnly: values['jail-only'] !== undefined,
    assumptions,
  };
  return problems.length === 0 ? ok({ kind: 'start', flags }) : err(problems);
}

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number];

function unusable(token: Token): readonly string[] {
  if (token.kind === 'positional') return [`${token.value} is not a flag`];
  if (token.kind !== 'option') return [];
  const { name, rawName, value } = token;
  if (!Object.hasOwn(options, name)) return [`${rawName} is not a flag of the sandbox`];
  const isSwitch = options[name as keyof typeof options].type === 'boolean';
  if (isSwitch && value !== undefined) return [`--${name} takes no value`];
  const isEmpty = value === undefined || value === '' || value.startsWith('--');
  return !isSwitch && isEmpty ? [`--${name} needs a value`] : [];
}

function assume(assumptions: Assumptions, given: string): readonly string[] {
  const [name = '', ...rest] = given.split('=');
  if (rest.length === 0) return [`--assume must be NAME=VALUE, not ${given}`];
  const problem = assumptions.set(name, rest.join('='));
  return problem === null ? [] : [`--assume ${problem}`];
}
