import { Resolver } from 'node:dns/promises';
import { hostname } from 'node:os';
import type { Command } from 'commander';
import { z } from 'zod';
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
const failureMax = 255;

const describe = (error: unknown) => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return (cause instanceof Error ? cause.message : String(cause)).slice(0, failureMax);
};
const hasCode = (error: unknown, ...codes: readonly string[]) =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code));

/** Asks the resolver of this network for the records of a name: where it points to, else its addresses. */
async function askName(resolver: Resolver, { name, type }: Target['names'][number]) {
  try {
    const [alias] = await resolver.resolveCname(name).catch((error: unknown) => {
      if (hasCode(error, 'ENODATA', 'ENOTFOUND')) return [];
      throw error;
    });
    if (alias !== undefined) return { name, values: [alias], ttlS: null, failure: null };
    const found =
      type === 'A'
        ? await resolver.resolve4(name, { ttl: true })
        : await resolver.resolve6(name, { ttl: true });
    const values = found.map(({ address }) => address).slice(0, 20);
    return { name, values, ttlS: Math.min(...found.map(({ ttl }) => ttl)), failure: null };
  } catch (error) {
    if (hasCode(error, 'ENODATA', 'ENOTFOUND')) return { name, values: [], ttlS: null, failure: null };
    return { name, values: null, ttlS: null, failure: describe(error) };
  }
}

/** Sends a request as a client of this network would. Redirects are not followed. */
async function sendRequest({ url }: Target['requests'][number]) {
  const startedAt = performance.now();
  const latencyMs = () => Math.min(60_000, Math.round(performance.now() - startedAt));
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(requestMs) });
    await response.body?.cancel();
    return { url, status: response.status, latencyMs: latencyMs(), failure: null };
  } catch (error) {
    return { url, status: null, latencyMs: latencyMs(), failure: describe(error) };
  }
}

/** Adds `agent`. */
export function addAgent(program: Command, terminal: Terminal): void {
  program
    .command('agent')
    .description('report DNS answers and requests of this network for the runs in progress')
    .option('--name <name>', 'the name of this vantage point', hostname())
    .option('--resolver <ip>', 'the resolver to ask, instead of that of the system')
    .option('--once', 'end after one round')
    .action(
      async (
        options: { readonly name: string; readonly resolver?: string; readonly once?: true },
        command: Command,
      ) => {
        const { client } = openContext(terminal, command);
        const resolver = new Resolver({ timeout: questionMs, tries: 1 });
        if (options.resolver !== undefined) resolver.setServers([options.resolver]);
        const say = (text: string) => terminal.writeError(`${toPlain(text)}\n`);
        say(
          `Agent ${options.name} reports to ${client.url} what ${resolver.getServers().join(', ')} answers.`,
        );
        const round = async (): Promise<number> => {
          const { everyS, targets } = await client.read('/probe-targets', Targets);
          for (const target of targets) {
            const [dns, http] = await Promise.all([
              Promise.all(target.names.map((each) => askName(resolver, each))),
              Promise.all(target.requests.map(sendRequest)),
            ]);
            const path = `/runs/${encodeURIComponent(target.runId)}/agent-reports`;
            const [asked] = resolver.getServers();
            const own = asked === undefined ? {} : { resolver: asked };
            await client.send(path, { method: 'POST', body: { agent: options.name, ...own, dns, http } });
            const failed = http.filter(({ status }, index) => status !== target.requests[index]?.status);
            say(
              `${target.runId}: reported ${dns.length} names and ${http.length} requests, ${failed.length} of them failed.`,
            );
          }
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
