import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { loadBalancerDayPrice } from '@/lib/estate/facts/prices';
import type { AssumptionName } from '@/lib/sandbox/world/assumptions';
import { type Account, must } from './model/account';
import type { CertifyProbe, Probes, WriteContext } from './model/probe';
import { describeEntry, type Entry, getTolerance, judgeProbe, notRun, type Report } from './model/report';
import { describeResource, findResources, removeResources } from './model/resources';
import {
  type CertifyResource,
  type Given,
  loadBalancersMax,
  recordsMax,
  runName,
  Workspace,
  workspaceFunctions,
} from './model/workspace';
import { accountProbes } from './probes/account-probes';
import { bindingProbes } from './probes/binding-probes';
import { dnsProbes } from './probes/dns-probes';
import { functionProbes } from './probes/function-probes';
import { httpProbes } from './probes/http-probes';
import { loadBalancerProbes } from './probes/load-balancer-probes';

/**
 * One entry for each assumption of the sandbox, in the order in which they run; the type makes sure that none is
 * missing.
 */
export const probes: Probes = {
  ...accountProbes,
  ...loadBalancerProbes,
  ...httpProbes,
  ...bindingProbes,
  ...functionProbes,
  ...dnsProbes,
};

export type CertifyOptions = {
  readonly account: Account;
  /** Only these assumptions; null = all of them. */
  readonly only: ReadonlySet<string> | null;
  /** null = read probes only. */
  readonly write: WriteOptions | null;
  readonly print: (line: string) => void;
  /** Ends the run early; what was created is still removed. */
  readonly signal: AbortSignal;
};

/** The flag that names each of the user's own resources. */
const givenFlags: Readonly<Record<keyof Given, string>> = {
  zone: '--zone',
  instance: '--instance',
  certificate: '--certificate',
  clientCa: '--client-ca',
  ipv6Subnet: '--ipv6-subnet',
};

type WriteOptions = Pick<WriteContext, 'get' | 'resolve'> & {
  readonly given: Given;
  /** null = the region's default VPC. */
  readonly vpcId: string | null;
  /**
   * Asks a person for confirmation, after printing what would be created.
   * @returns what was typed
   */
  readonly confirm: (question: string) => Promise<string>;
};

/** Thrown when a run can't begin, before anything is created. The message contains the fix. */
export class NotStartedError extends Error {}

/** Returns the account that the keys belong to. */
export async function accountId(account: Account): Promise<string> {
  const identity = await must(account, 'sts', 'GetCallerIdentity', {}, z.object({ AccountId: z.string() }));
  return identity.AccountId;
}

/**
 * Returns the VPC to use: the named one, or the region's default VPC.
 * @throws NotStartedError if there is none; the message lists the region's VPCs
 */
async function findVpc(account: Account, named: string | null): Promise<string> {
  const { VpcSet: vpcs } = await must(
    account,
    'vpc',
    'DescribeVpcs',
    { Limit: '100' },
    z.object({
      VpcSet: z.array(z.object({ VpcId: z.string(), VpcName: z.string().nullish(), IsDefault: z.boolean() })),
    }),
  );
  const found = vpcs.find(({ VpcId, IsDefault }) => (named === null ? IsDefault : VpcId === named));
  if (found !== undefined) return found.VpcId;
  const missing =
    named === null
      ? `There is no default VPC in ${account.region}: name one with --vpc.`
      : `--vpc ${named} can't be used: ${account.region} has no such VPC.`;
  const listed = vpcs.map(({ VpcId, VpcName }) => `${VpcId} ${VpcName ?? ''}`.trim()).join(', ');
  throw new NotStartedError(
    `${missing} ${listed === '' ? 'It has none: create one first.' : `It has: ${listed}.`} Nothing was created.`,
  );
}

/** @throws NotStartedError if the account has no such zone */
async function requireZone(account: Account, zone: string): Promise<void> {
  const answer = await account.call('dnspod', 'DescribeDomain', { Domain: zone });
  if (!answer.ok)
    throw new NotStartedError(
      `--zone ${zone} can't be used: ${answer.code}: ${answer.message} Nothing was created.`,
    );
}

/** Lists the most that a run with `--write` creates, one line each, with the cost at list prices. */
function announce(name: string, region: string, vpcId: string, given: Given): readonly string[] {
  const day = loadBalancerDayPrice(region);
  const loadBalancers = loadBalancersMax(given);
  // A part of a day is billed as a day.
  const cost =
    day === null
      ? `not known, as the price list has no ${region}`
      : `up to US$ ${(day.usd * loadBalancers).toFixed(2)} (a day each, list price of ${day.asOf})`;
  return [
    `These are created in ${region}, in the VPC ${vpcId}, and removed at the end:`,
    `  up to ${loadBalancers} public load balancers named ${name}…, with listeners, rules and bindings`,
    `  up to ${workspaceFunctions} functions named ${name}… in the namespace default, called a few times`,
    `  1 target group named ${name}, without members`,
    given.zone === null ? null : `  up to ${recordsMax} DNS records named ${name}… in ${given.zone}`,
    given.instance === null
      ? null
      : `  ${given.instance} is bound to rules of that load balancer that only certify calls; the server is not changed`,
    given.certificate === null
      ? null
      : `  the certificates ${[given.certificate, given.clientCa].filter(Boolean).join(' and ')} are used on listeners of that load balancer; they are not changed`,
    `Cost of the load balancers: ${cost}. Calls, traffic and records: less than US$ 0.01.`,
  ].filter((line) => line !== null);
}

/** Blocks every call once the run should end, so that a running probe ends at its next call. */
function stoppable(account: Account, signal: AbortSignal): Account {
  return {
    region: account.region,
    call: async (...call) => {
      signal.throwIfAborted();
      return account.call(...call);
    },
    callOnce: async (...call) => {
      signal.throwIfAborted();
      return account.callOnce(...call);
    },
  };
}

/**
 * Runs the probes one after the other and compares what they see with what the sandbox assumes. With `write`, it first
 * creates the resources it has listed, and removes them however the run ends.
 * @returns the report; `left` names what could not be removed
 * @throws NotStartedError before anything is created; Error when the account can't be reached
 */
export async function certify(options: CertifyOptions): Promise<Report> {
  const { account, write, print, signal } = options;
  const startedAt = new Date().toISOString();
  const id = await accountId(account);
  const runId = randomBytes(4).toString('hex');
  print(`Account ${id}, region ${account.region}`);
  const zone = write?.given.zone ?? null;
  if (zone !== null) await requireZone(account, zone);
  const vpcId = write === null ? '' : await findVpc(account, write.vpcId);
  if (write) {
    for (const line of announce(runName(runId), account.region, vpcId, write.given)) print(line);
    const typed = await write.confirm(`Type the account id ${id} to create them: `);
    if (typed.trim() !== id) {
      throw new NotStartedError('The account id does not match. Nothing was created.');
    }
  }
  const workspace = new Workspace(stoppable(account, signal), runId, vpcId);
  const entries: Entry[] = [];
  const left: string[] = [];
  try {
    for (const [name, probe] of Object.entries(probes) as [AssumptionName, CertifyProbe][]) {
      if (options.only && !options.only.has(name)) continue;
      const entry = await runProbe(name, probe, options, workspace);
      entries.push(entry);
      print(describeEntry(entry, getTolerance(probe)));
    }
  } finally {
    if (write) left.push(...(await removeRun(account, runName(runId), write.given.zone, workspace.unlisted)));
  }
  return {
    format: 1,
    startedAt,
    accountId: id,
    region: account.region,
    wrote: write !== null,
    entries,
    left,
  };
}

async function runProbe(
  name: AssumptionName,
  probe: CertifyProbe,
  { account, write, signal }: CertifyOptions,
  workspace: Workspace,
): Promise<Entry> {
  if (probe.mode === 'none') return notRun(name, 'unanswerable', probe.why);
  if (signal.aborted) return notRun(name, 'skipped', 'the run was stopped');
  const reading = { account: stoppable(account, signal), now: Date.now };
  try {
    if (probe.mode === 'read') return judgeProbe(name, probe, await probe.run(reading));
    if (!write) return notRun(name, 'skipped', 'needs --write');
    const { given, get, resolve } = write;
    const missing = (probe.needs ?? []).filter((each) => given[each] === null);
    if (missing.length > 0)
      return notRun(name, 'skipped', `needs ${missing.map((each) => givenFlags[each]).join(' and ')}`);
    return judgeProbe(name, probe, await probe.run({ ...reading, workspace, given, get, resolve }));
  } catch (error) {
    // A probe that meets something unexpected reports it; the others are independent of it.
    const why = error instanceof Error ? error.message : String(error);
    return judgeProbe(name, probe, { kind: 'unknown', why: signal.aborted ? 'the run was stopped' : why });
  }
}

/** The number of times the lists are read: an object that was being created when a call timed out may appear late. */
const roundsMax = 3;

/** Removes what a run has created. @returns a line for each resource that is left */
async function removeRun(
  account: Account,
  prefix: string,
  zone: string | null,
  unlisted: readonly CertifyResource[],
): Promise<readonly string[]> {
  let left: readonly string[] = [];
  for (let round = 0; round < roundsMax; round += 1) {
    const { found, unread } = await findResources(account, prefix, zone);
    const hidden = round > 0 ? [] : unlisted.filter((each) => !found.some((other) => isSame(each, other)));
    const all = [...found, ...hidden];
    if (all.length === 0 && unread.length === 0) return left;
    const failures = await removeResources(account, all);
    left = [...failures.map(({ resource, why }) => `${describeResource(resource)}: ${why}`), ...unread];
  }
  return left;
}

function isSame(a: CertifyResource, b: CertifyResource): boolean {
  return a.kind === 'DNS record' && b.kind === 'DNS record' && a.id === b.id;
}
