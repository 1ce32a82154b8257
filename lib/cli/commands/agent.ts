import { createHash, randomUUID } from 'node:crypto';
import { getServers } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { hostname } from 'node:os';
import type { Command } from 'commander';
import { z } from 'zod';
import { ask, type DnsReply, parseResolver, plainName } from '@/lib/cloud/probe/resolver';
import { cut } from '@/lib/shorten';
import { RefusedCall } from '../base/client';
import { openContext } from '../base/context';
import { CliError, exitCodes } from '../base/exit-codes';
import { type Terminal, toPlain } from '../base/terminal';

const Targets = z.object({
  everyS: z.number().nullable(),
  targets: z.array(
    z.object({
      runId: z.string(),
      names: z.array(z.object({ name: z.string(), type: z.enum(['A', 'AAAA']) })),
      requests: z.array(z.object({ url: z.string(), status: z.number() })),
    }),
  ),
});
type Target = z.infer<typeof Targets>['targets'][number];

/** The timeout of a request, and of a question, in ms. */
const requestMs = 10_000;
const questionMs = 5000;
/** The pause between two rounds without a pace of the server, in ms, and the longest pause after failures. */
const idleMs = 30_000;
const pauseMaxMs = 60_000;
const textMax = 255;
/** The most values of an answer that are reported. */
const valuesMax = 20;

const describe = (error: unknown) => {
  // Several addresses were tried: the first says enough.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const cause = first instanceof Error && first.cause instanceof Error ? first.cause : first;
  return cut(cause instanceof Error ? cause.message : String(cause), textMax);
};

/** Returns the part of an answer that a report has: the records of the name itself, where it points to or its addresses. */
function toOwnRecords(name: string, { answers }: DnsReply) {
  const own = answers.filter((answer) => plainName(answer.name) === plainName(name)).slice(0, valuesMax);
  // The TTL of the name itself, also of a CNAME: that of an address which it leads to says nothing about it.
  const ttls = own.map(({ ttl }) => ttl ?? 0);
  const values = own.map(({ data }) => data.slice(0, textMax));
  return { name, values, ttlS: ttls.length === 0 ? null : Math.min(...ttls), failure: null };
}

/** Asks the resolvers of this network for the records of a name, each until one answers, which is returned, too. */
async function askName(resolvers: readonly string[], { name, type }: Target['names'][number]) {
  let failure = 'no resolver is known: name one with --resolver';
  for (const resolver of resolvers) {
    try {
      const deadline = AbortSignal.timeout(questionMs);
      const reply = await ask(parseResolver(resolver), name, type, { deadline });
      if (reply.rcode === 'NOERROR' || reply.rcode === 'NXDOMAIN')
        return { resolver, atMs: performance.now(), answer: toOwnRecords(name, reply) };
      failure = reply.rcode;
    } catch (error) {
      failure = describe(error);
    }
  }
  return { resolver: null, atMs: performance.now(), answer: { name, values: null, ttlS: null, failure } };
}

/** Returns the addresses that a resolver answers for a name. */
async function findAddresses(resolver: string, name: string) {
  const deadline = AbortSignal.timeout(questionMs);
  for (const family of [4, 6]) {
    const type = family === 4 ? 'A' : 'AAAA';
    const { answers } = await ask(parseResolver(resolver), name, type, { deadline });
    const addresses = answers
      .filter((each) => each.type === type)
      .map(({ data }) => ({ address: data, family }));
    if (addresses.length > 0) return addresses;
  }
  throw new Error(`${resolver} has no address for ${name}`);
}

/** Returns the look-up of connections by the answers of a resolver. */
function lookUpWith(resolver: string): LookupFunction {
  return (name, { all }, callback) => {
    findAddresses(resolver, name).then(
      (addresses) => {
        if (all === true) callback(null, addresses);
        else callback(null, addresses[0]?.address ?? '', addresses[0]?.family);
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), ''),
    );
  };
}

/** The resolvers to ask for names, in order, and the look-up of the requests; absent = that of the system. */
type View = { readonly resolvers: readonly string[]; readonly lookup?: LookupFunction };

/** Asks and requests what a target has, and returns the report of it. */
async function observe({ resolvers, lookup }: View, { names, requests }: Target) {
  const [asked, answered] = await Promise.all([
    Promise.all(names.map((each) => askName(resolvers, each))),
    Promise.all(requests.map((each) => sendRequest(each, lookup))),
  ]);
  const now = performance.now();
  // Requests may have taken longer than questions: the TTL is what is left of it now.
  const dns = asked.map(({ atMs, answer }) => ({
    ...answer,
    ttlS: answer.ttlS === null ? null : Math.max(0, answer.ttlS - Math.round((now - atMs) / 1000)),
  }));
  const resolver = asked.find((each) => each.resolver !== null)?.resolver ?? resolvers[0];
  return { ...(resolver === undefined ? {} : { resolver }), dns, http: answered };
}

/** Returns the resolvers to ask, in order: the given one, or those of the system. */
function listResolvers(given: string | undefined): readonly string[] {
  if (given === undefined) return getServers();
  try {
    parseResolver(given);
  } catch (error) {
    throw new CliError(exitCodes.usage, describe(error));
  }
  return [given];
}

/**
 * Identifies this process in its reports. With `--once`, those of one machine with the same resolvers are the same, so that
 * a job which starts it every minute does not wait for its last process to be forgotten.
 */
const identifyProcess = (resolvers: readonly string[], isOnce: boolean) =>
  isOnce
    ? createHash('sha256')
        .update([hostname(), ...resolvers].join('\n'))
        .digest('hex')
    : randomUUID();

/** Returns whether a report is refused because another process has the name: that may end. */
const isWaiting = ({ problem }: RefusedCall) => problem.code === 'probe.otherProcess';

/** Gets the status of a URL on a new connection: a kept one would stay with the address of an old answer. */
function getStatus(url: string, lookup: LookupFunction | undefined): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const { get } = url.startsWith('https:') ? https : http;
    const connection = { agent: false, ...(lookup === undefined ? {} : { lookup }) };
    get(url, { ...connection, signal: AbortSignal.timeout(requestMs) }, (response) => {
      resolve(response.statusCode ?? null);
      response.destroy();
    }).on('error', reject);
  });
}

/** Sends a request as a client of this network would. Redirects are not followed. */
async function sendRequest({ url }: Target['requests'][number], lookup: LookupFunction | undefined) {
  const startedAt = performance.now();
  const latencyMs = () => Math.min(60_000, Math.round(performance.now() - startedAt));
  try {
    const status = await getStatus(url, lookup);
    return { url, status, latencyMs: latencyMs(), failure: null };
  } catch (error) {
    return { url, status: null, latencyMs: latencyMs(), failure: describe(error) };
  }
}

/** Adds `agent`. */
export function addAgent(program: Command, terminal: Terminal): void {
  program
    .command('agent')
    .description('report DNS answers and request results in this network for runs in progress')
    .option('--name <name>', 'the name of this vantage point', hostname())
    .option('--resolver <ip>', "the resolver for names and requests, instead of the system's")
    .option('--once', 'end after one round')
    .action(
      async (
        options: { readonly name: string; readonly resolver?: string; readonly once?: true },
        command: Command,
      ) => {
        const { client } = openContext(terminal, command);
        const resolvers = listResolvers(options.resolver);
        const { resolver } = options;
        const view: View = { resolvers, ...(resolver === undefined ? {} : { lookup: lookUpWith(resolver) }) };
        const instance = identifyProcess(resolvers, options.once === true);
        const say = (text: string) => terminal.writeError(`${toPlain(text)}\n`);
        say(`Agent ${options.name} reports to ${client.url} what ${resolvers.join(', ')} answers.`);
        const reportRun = async (target: Target) => {
          const seen = await observe(view, target);
          const path = `/runs/${encodeURIComponent(target.runId)}/agent-reports`;
          await client.send(path, { method: 'POST', body: { agent: options.name, instance, ...seen } });
          const failed = seen.http.filter(({ status }, index) => status !== target.requests[index]?.status);
          say(
            `${target.runId}: reported ${seen.dns.length} names and ${seen.http.length} requests, ${failed.length} of them failed.`,
          );
        };
        const round = async (): Promise<number> => {
          const { everyS, targets } = await client.read('/probe-targets', Targets);
          const refusals: RefusedCall[] = [];
          // A run whose report is refused does not keep the others from theirs.
          for (const target of targets)
            await reportRun(target).catch((error: unknown) => {
              if (!(error instanceof RefusedCall)) throw error;
              say(`${target.runId}: ${error.message} ${isWaiting(error) ? error.fix : ''}`.trimEnd());
              refusals.push(error);
            });
          const [first] = refusals;
          const mayContinue = options.once !== true && refusals.every(isWaiting);
          if (first !== undefined && refusals.length === targets.length && !mayContinue) throw first;
          return targets.length === 0 || everyS === null ? idleMs : everyS * 1000;
        };
        for (let failures = 0; ; ) {
          let pauseMs = idleMs;
          try {
            pauseMs = await round();
            failures = 0;
          } catch (error) {
            const isFinal = error instanceof CliError && error.exitCode === exitCodes.forbidden;
            if (isFinal || options.once || !(error instanceof CliError)) throw error;
            failures += 1;
            pauseMs = Math.min(pauseMaxMs, 1000 * 2 ** Math.min(failures, 6));
            say(
              `${error.message} ${error instanceof RefusedCall ? 'Reporting' : 'Trying'} again in ${pauseMs / 1000} s.`,
            );
          }
          if (options.once) return;
          await terminal.sleep(pauseMs);
        }
      },
    );
}
