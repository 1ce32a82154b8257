import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { adviseCapacity } from '@/lib/capacity/advice/advise';
import { CapacityScenario } from '@/lib/capacity/scenario/scenario';
import { listUnknownFaults } from '@/lib/input/unknown-fields';
import type { Client } from '../base/client';
import { openContext } from '../base/context';
import { CliError, exitCodes } from '../base/exit-codes';
import type { Terminal } from '../base/terminal';
import { describeAdvice } from './describe-advice';

/** The most bytes of a scenario file: a series of two weeks by the minute has less. */
const bytesMax = 1_000_000;

/**
 * Parses a scenario of the capacity model.
 * @param of where it is from, for the error
 */
function toScenario(value: unknown, of: string): CapacityScenario {
  const parsed = CapacityScenario.safeParse(value);
  const unknown = listUnknownFaults(CapacityScenario, value);
  if (parsed.success && unknown.length === 0) return parsed.data;
  const lines = [...unknown, ...(parsed.error?.issues ?? [])].map(
    ({ path, message }) => `${path.join('.') || 'scenario'}: ${message}`,
  );
  throw new CliError(exitCodes.invalid, `${of} has no valid scenario:\n${lines.join('\n')}`);
}

/** Reads a scenario from a JSON file. */
function readScenarioFile(cwd: string, file: string): CapacityScenario {
  const path = resolve(cwd, file);
  let value: unknown;
  try {
    const { size } = statSync(path);
    if (size > bytesMax)
      throw new CliError(exitCodes.invalid, `${file} has ${size} bytes; a scenario has ${bytesMax} at most.`);
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof CliError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError(exitCodes.invalid, `${file} can’t be read as JSON: ${reason}`);
  }
  return toScenario(value, file);
}

/** The interval between two reads, in ms. */
const everyMs = 1000;

const Place = z.object({
  region: z.string(),
  loadBalancerId: z.string(),
  listenerId: z.string().nullable(),
  domain: z.string().nullable(),
  url: z.string().nullable(),
});
const Places = z.object({
  places: z.array(z.looseObject({ place: Place, name: z.string(), listener: z.string().nullable() })),
  total: z.number(),
});
const PlanEvent = z.looseObject({
  scenario: z.unknown(),
  times: z.string(),
  assumed: z.array(z.string()),
});
const Content = z.object({ from: z.string(), periodS: z.number(), rps: z.array(z.number().nullable()) });
const History = z.discriminatedUnion('state', [
  z.object({ state: z.literal('refused'), problem: z.string() }),
  z.looseObject({
    state: z.enum(['running', 'done', 'failed']),
    content: Content.nullable(),
    error: z
      .looseObject({ code: z.string(), message: z.string(), requestId: z.string().nullable() })
      .nullable(),
  }),
]);

const path = (text: string) => encodeURIComponent(text);

function toInstant(text: string): string {
  if (!z.iso.datetime({ offset: true }).safeParse(text).success)
    throw new InvalidArgumentError('Use an instant with its zone, such as 2026-11-11T00:00:00+07:00.');
  return text;
}

/** Adds `capacity` with its commands: places and past requests from Monitor, the event of a plan, and advice on it. */
export function addCapacity(program: Command, terminal: Terminal): void {
  const capacity = program
    .command('capacity')
    .description('the capacity of an event: its demand, and advice');
  addPlaces(capacity, terminal);
  addHistory(capacity, terminal);
  addScenario(capacity, terminal);
  addAdvice(capacity, terminal);
}

function addPlaces(capacity: Command, terminal: Terminal): void {
  capacity
    .command('places')
    .description('list the load balancers, domains and paths whose past requests can be read')
    .argument('<connection>', 'the ID of an account')
    .option('--search <text>', 'only those with these words', '')
    .action(async (connection: string, { search }: { readonly search: string }, command: Command) => {
      const context = openContext(terminal, command);
      const found = await context.client.read(
        `/connections/${path(connection)}/history-places?${new URLSearchParams({ search })}`,
        Places,
      );
      context.printTable(
        found,
        ['REGION', 'LOAD BALANCER', 'LISTENER', 'DOMAIN', 'PATH', 'NAME'],
        found.places.map(({ place, name, listener }) => [
          place.region,
          place.loadBalancerId,
          place.listenerId === null ? '-' : `${place.listenerId} (${listener})`,
          place.domain ?? '-',
          place.url ?? '-',
          name,
        ]),
      );
      if (found.places.length < found.total)
        terminal.writeError(`${found.total - found.places.length} more: use --search.\n`);
    });
}

type HistoryOptions = {
  readonly region: string;
  readonly loadBalancer: string;
  readonly listener?: string;
  readonly domain?: string;
  readonly path?: string;
  readonly from: string;
  readonly to: string;
  readonly output?: string;
};

function addHistory(capacity: Command, terminal: Terminal): void {
  capacity
    .command('history')
    .description('read the requests per second of a past event from Monitor, as CSV that Capacity imports')
    .argument('<connection>', 'the ID of an account')
    .requiredOption('--region <region>', 'the region of the load balancer')
    .requiredOption('--load-balancer <id>', 'the load balancer')
    .option('--listener <id>', 'a listener of it, with --domain')
    .option('--domain <domain>', 'a domain of the listener')
    .option('--path <path>', 'a path of the domain')
    .requiredOption('--from <instant>', 'the start, such as 2026-11-11T00:00:00+07:00', toInstant)
    .requiredOption('--to <instant>', 'the end', toInstant)
    .option('-o, --output <file>', 'write to a file instead of standard output')
    .action(async (connection: string, options: HistoryOptions, command: Command) => {
      const context = openContext(terminal, command);
      const content = await readHistory(context.client, connection, options, terminal);
      const rows = content.rps.map((rps, index) => {
        const at = new Date(Date.parse(content.from) + index * content.periodS * 1000).toISOString();
        // Periods without a value are none: an import needs a number for each.
        return `${at},${rps ?? 0}`;
      });
      const missing = content.rps.filter((rps) => rps === null).length;
      if (missing > 0)
        terminal.writeError(`${missing} of ${rows.length} periods have no value; the CSV has 0 for them.\n`);
      const csv = `time,rps\n${rows.join('\n')}\n`;
      if (options.output === undefined) context.print(content, () => csv);
      else writeFileSync(resolve(terminal.cwd, options.output), csv);
    });
}

/** Reads past requests, and waits until a worker has read them. */
async function readHistory(
  client: Client,
  connection: string,
  { region, loadBalancer, listener, domain, path: url, from, to }: HistoryOptions,
  terminal: Terminal,
): Promise<z.infer<typeof Content>> {
  const asked = { region, loadBalancerId: loadBalancer, listenerId: listener, domain, url, from, to };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(asked)) if (value !== undefined) query.set(name, value);
  let hasTold = false;
  for (;;) {
    const view = await client.read(`/connections/${path(connection)}/traffic-history?${query}`, History);
    if (view.state === 'refused')
      throw new CliError(exitCodes.refused, refusals[view.problem] ?? view.problem);
    if (view.state === 'running') {
      if (!hasTold) terminal.writeError('A worker is reading Monitor.\n');
      hasTold = true;
      await terminal.sleep(everyMs);
      continue;
    }
    if (view.state === 'done' && view.content !== null) return view.content;
    const { code = 'unknown', message = '', requestId = null } = view.error ?? {};
    throw new CliError(
      exitCodes.failed,
      `Monitor could not be read: ${code} ${message}`,
      requestId === null ? undefined : `Request ${requestId}`,
    );
  }
}

/** The reasons why Monitor is not asked. */
const refusals: Readonly<Record<string, string>> = {
  order: 'The end must be after the start.',
  future: 'At least one period must have ended: use a time in the past.',
  tooLong: 'The end must be at most 14 days after the start.',
  tooOld: 'Monitor keeps values for at most 93 days.',
  busy: 'Three events of this account are being read. Wait until one of them is done.',
};

/** Reads the event of a plan as a scenario. */
async function readPlanScenario(client: Client, plan: string) {
  const event = await client.read(`/plans/${path(plan)}/scenario`, PlanEvent);
  if (event.scenario === null)
    throw new CliError(
      exitCodes.refused,
      `${plan} has no event to simulate.`,
      'It moves no traffic to a function of the newest snapshot. Sync the account, or simulate a file.',
    );
  return { ...event, scenario: toScenario(event.scenario, plan) };
}

function addScenario(capacity: Command, terminal: Terminal): void {
  capacity
    .command('scenario')
    .description('print the event of a plan as a scenario of the capacity model, in JSON')
    .argument('<plan>', 'the ID of a plan, such as P-0001')
    .option('-o, --output <file>', 'write to a file instead of standard output')
    .action(async (plan: string, { output }: { readonly output?: string }, command: Command) => {
      const { client } = openContext(terminal, command);
      const { scenario, assumed } = await readPlanScenario(client, plan);
      if (assumed.length > 0) terminal.writeError(`Assumed: ${assumed.join(', ')}\n`);
      const text = `${JSON.stringify(scenario, null, 2)}\n`;
      if (output === undefined) terminal.write(text);
      else writeFileSync(resolve(terminal.cwd, output), text);
    });
}

type AdviceOptions = { readonly file?: string; readonly exitCode?: true };

function addAdvice(capacity: Command, terminal: Terminal): void {
  capacity
    .command('advice')
    .description('simulate the event of a plan, or of a scenario file, and advise how to meet its goals')
    .argument('[plan]', 'the ID of a plan')
    .option('-f, --file <file>', 'a scenario in JSON, such as `capacity scenario` writes')
    .option('--exit-code', `exit with ${exitCodes.runFailed} if the event misses its goals without changes`)
    .action(async (plan: string | undefined, { file, exitCode }: AdviceOptions, command: Command) => {
      if ((plan === undefined) === (file === undefined))
        throw new CliError(exitCodes.usage, 'Name a plan, or a scenario file with -f.');
      const context = openContext(terminal, command);
      const scenario =
        file === undefined
          ? (await readPlanScenario(context.client, plan ?? '')).scenario
          : readScenarioFile(terminal.cwd, file);
      const advice = adviseCapacity(scenario);
      context.print(advice, () => describeAdvice(scenario, advice));
      if (exitCode && !advice.now.areGoalsMet)
        throw new CliError(exitCodes.runFailed, `${plan ?? file} misses its goals.`);
    });
}
