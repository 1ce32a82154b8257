import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { replaceFile } from '@/lib/replace-file';
import { assumptions } from '@/lib/sandbox/world/assumptions';
import { certify, NotStartedError } from './certify';
import { type AccountOptions, openAccount } from './model/account';
import { createReach } from './model/reach';
import { loadable, Report, summarizeReport } from './model/report';
import { describeResource, findResources, removeResources } from './model/resources';
import { namePrefix } from './model/workspace';

const usage = `Compares what the sandbox assumes of Tencent Cloud with what an account of yours does.

  npm run certify -- [flags]

--region NAME       region to read (default: the first of TENCENTCLOUD_REGIONS, or ap-singapore)
--write             also run the probes that create resources: named first, with their cost, and removed at the end
--zone NAME         with --write: a DNSPod zone of yours in which records may be added
--instance ID       with --write: a server of yours, with HTTP on port 80, that may be bound to certify's own load balancer
--certificate ID    with --write: a server certificate of yours, for HTTPS listeners of that load balancer
--client-ca ID      with --certificate: a CA certificate of yours, which such a listener requires of clients
--ipv6-subnet ID    with --write: a subnet with IPv6 of the VPC, for one more load balancer
--vpc ID            with --write: the VPC to use (default: the region's default VPC)
--only A,B          only these assumptions
--report FILE       write the result to this file, as JSON without keys
--left-overs        list what earlier runs have left in the region (and in --zone); with --remove, remove it
--load FILE         set the sandbox's assumptions by this report
--sandbox FILE      use the sandbox that this file describes (.spillway/sandbox/connection.json), instead of the keys
--help              this text

Keys come from TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY and TENCENTCLOUD_TOKEN, the site from TENCENTCLOUD_SITE. Keys
that were entered in Settings are not used: only workers can open them.
`;

const flags = {
  region: { type: 'string' },
  write: { type: 'boolean' },
  zone: { type: 'string' },
  instance: { type: 'string' },
  certificate: { type: 'string' },
  'client-ca': { type: 'string' },
  'ipv6-subnet': { type: 'string' },
  vpc: { type: 'string' },
  only: { type: 'string' },
  report: { type: 'string' },
  'left-overs': { type: 'boolean' },
  remove: { type: 'boolean' },
  load: { type: 'string' },
  sandbox: { type: 'string' },
  help: { type: 'boolean' },
} as const;
type Flags = ReturnType<typeof parse>;

/** Thrown for an invalid command line. */
class UsageError extends Error {}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: flags }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

const Site = z.enum(['mainland', 'international']);

/** The file in which a sandbox describes itself when it starts. */
const SandboxFile = z.object({
  api: z.url(),
  secretId: z.string(),
  secretKey: z.string(),
  dns: z.string(),
  portOffset: z.number(),
  addressMode: z.string(),
  control: z.object({ url: z.url(), token: z.string() }).nullable(),
});
type SandboxFile = z.infer<typeof SandboxFile>;

function readSandbox(given: Flags): SandboxFile | null {
  if (given.sandbox === undefined) return null;
  return SandboxFile.parse(JSON.parse(readFileSync(given.sandbox, 'utf8')));
}

function accountOptions(given: Flags, sandbox: SandboxFile | null): AccountOptions {
  const { env } = process;
  const site = Site.safeParse(env.TENCENTCLOUD_SITE || 'mainland');
  if (!site.success) throw new UsageError('TENCENTCLOUD_SITE must be mainland or international.');
  const region = given.region ?? env.TENCENTCLOUD_REGIONS?.split(',')[0]?.trim() ?? 'ap-singapore';
  if (sandbox) {
    const { api: endpoint, secretId, secretKey } = sandbox;
    return { endpoint, site: site.data, region, secretId, secretKey };
  }
  const { TENCENTCLOUD_SECRET_ID: secretId, TENCENTCLOUD_SECRET_KEY: secretKey } = env;
  if (!secretId || !secretKey) {
    throw new UsageError(
      'Set TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY to the keys of the account, or give --sandbox FILE.',
    );
  }
  return { endpoint: null, site: site.data, region, secretId, secretKey, token: env.TENCENTCLOUD_TOKEN };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Sets the sandbox's switches from a report. */
async function load(file: string, sandbox: SandboxFile | null): Promise<number> {
  const report = Report.parse(JSON.parse(readFileSync(file, 'utf8')));
  const { values, problems } = loadable(report);
  for (const problem of problems) print(problem);
  if (Object.keys(values).length === 0) {
    print('Nothing to set: no assumption of the report differs in a way that the sandbox can be set to.');
    return 0;
  }
  if (!sandbox?.control) {
    print('To start a sandbox with them (or name a running one with --sandbox FILE):');
    print(
      `npm run sandbox -- ${Object.entries(values)
        .map(([name, value]) => `--assume '${name}=${value}'`)
        .join(' ')}`,
    );
    return 0;
  }
  const response = await fetch(`${sandbox.control.url}/assumptions`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${sandbox.control.token}` },
    body: JSON.stringify(values),
  });
  if (!response.ok) throw new Error(`The sandbox refused them: ${await response.text()}`);
  for (const [name, value] of Object.entries(values)) print(`set ${name} = ${value}`);
  return 0;
}

async function leftOvers(given: Flags, options: AccountOptions): Promise<number> {
  const account = openAccount(options);
  const { found, unread } = await findResources(account, namePrefix, given.zone ?? null);
  for (const resource of found) print(describeResource(resource));
  for (const line of unread) print(line);
  const isClean = found.length === 0 && unread.length === 0;
  if (isClean) print(`Nothing is left in ${options.region}${given.zone ? ` and ${given.zone}` : ''}.`);
  if (!given.remove || found.length === 0) return isClean ? 0 : 1;
  const failed = await removeResources(account, found);
  for (const { resource, why } of failed) print(`not removed: ${describeResource(resource)}: ${why}`);
  print(`${found.length - failed.length} removed, ${failed.length} left`);
  return failed.length === 0 && unread.length === 0 ? 0 : 1;
}

async function confirm(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    // The end of standard input gives no answer, which counts as a refusal.
    const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
    return await Promise.race([lines.question(question), closed]);
  } finally {
    lines.close();
  }
}

async function run(given: Flags, options: AccountOptions, sandbox: SandboxFile | null): Promise<number> {
  const only = given.only === undefined ? null : new Set(given.only.split(',').map((name) => name.trim()));
  const strange = [...(only ?? [])].filter((name) => !Object.hasOwn(assumptions, name));
  if (strange.length > 0) throw new UsageError(`--only names no assumption: ${strange.join(', ')}`);
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      print('Stopping: what was created is removed first …');
      stopping.abort(new Error('the run was stopped'));
    });
  }
  const report = await certify({
    account: openAccount(options),
    only,
    print,
    signal: stopping.signal,
    write: given.write
      ? {
          given: {
            zone: given.zone ?? null,
            instance: given.instance ?? null,
            certificate: given.certificate ?? null,
            clientCa: given['client-ca'] ?? null,
            ipv6Subnet: given['ipv6-subnet'] ?? null,
          },
          vpcId: given.vpc ?? null,
          confirm,
          ...createReach({
            dns: sandbox?.dns ?? null,
            portOffset: sandbox?.portOffset ?? 0,
            addresses: sandbox?.addressMode === 'shared' ? sandbox.control : null,
          }),
        }
      : null,
  });
  print(summarizeReport(report.entries));
  if (given.report !== undefined) {
    await replaceFile(given.report, [`${JSON.stringify(report, null, 2)}\n`]);
    print(`Report: ${given.report}`);
  }
  for (const line of report.left) print(`NOT REMOVED: ${line}`);
  if (report.left.length > 0) print('Remove them: npm run certify -- --left-overs --remove');
  return report.left.length === 0 && !stopping.signal.aborted ? 0 : 1;
}

async function main(): Promise<number> {
  const given = parse(process.argv.slice(2));
  if (given.help) {
    process.stdout.write(usage);
    return 0;
  }
  const sandbox = readSandbox(given);
  if (given.load !== undefined) return load(given.load, sandbox);
  const options = accountOptions(given, sandbox);
  return given['left-overs'] ? leftOvers(given, options) : run(given, options, sandbox);
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const isExpected = error instanceof UsageError || error instanceof NotStartedError;
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(
      `${message}\n${isExpected ? '' : 'Run with --left-overs to see whether anything was left.\n'}`,
    );
    process.exitCode = error instanceof UsageError ? 2 : 1;
  },
);
