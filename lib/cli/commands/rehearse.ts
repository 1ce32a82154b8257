import { type Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { openContext } from '../base/context';
import { CliError, exitCodes } from '../base/exit-codes';
import type { Terminal } from '../base/terminal';

/** The interval between two reads, in ms. */
const everyMs = 1000;

const Started = z.object({ rehearsalId: z.string() });
const PlanHash = z.looseObject({ hash: z.string() });
const Goal = z.looseObject({
  kind: z.string(),
  limit: z.number().nullable(),
  measured: z.number().nullable(),
  isMet: z.boolean(),
});
const Rehearsal = z.looseObject({
  id: z.string(),
  state: z.enum(['queued', 'running', 'done', 'failed', 'canceled']),
  progress: z.number(),
  verdict: z.enum(['met', 'missed']).nullable(),
  seed: z.number(),
  events: z.number(),
  error: z.string().nullable(),
  report: z.looseObject({ goals: z.array(Goal) }).nullable(),
  drill: z
    .looseObject({
      endedWell: z.number(),
      interval: z.object({ low: z.number(), high: z.number() }),
      worstSeed: z.number(),
    })
    .nullable(),
});

const wholeNumber = (text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Use a whole number.');
  return Number(text);
};

/** Reads `rollback@300`: a command, and its time in seconds after T0. */
function addCommand(text: string, known: readonly GivenCommand[]): readonly GivenCommand[] {
  const [, kind = '', atS = ''] = /^([A-Za-z]+)@(-?\d{1,6})$/.exec(text) ?? [];
  if (kind === '')
    throw new InvalidArgumentError('Use a command and its seconds after T0, such as rollback@300.');
  return [...known, { kind, atS: Number(atS) }];
}

type GivenCommand = { readonly kind: string; readonly atS: number };

type RehearseOptions = {
  readonly seed?: number;
  readonly peak?: number;
  readonly events: number;
  readonly faults?: number;
  readonly fault: readonly string[];
  readonly command: readonly GivenCommand[];
  readonly hash?: string;
};

/** The faults of each event of a fire drill, unless it is said. */
const drillFaults = 3;
const faultKinds = ['apiErrors', 'apiThrottled', 'slowTasks', 'workerCrash', 'functionFails', 'serverDown'];

/** Adds `rehearse`. */
export function addRehearse(program: Command, terminal: Terminal): void {
  program
    .command('rehearse')
    .description(
      `rehearse a plan on a copy of the newest snapshot; exits with ${exitCodes.runFailed} if a goal is missed`,
    )
    .argument('<plan>', 'the ID of a plan')
    .option('--peak <requests>', 'the peak in requests per second; by default as planned', wholeNumber)
    .option('--seed <seed>', 'repeats the rehearsal with this seed', wholeNumber)
    .option(
      '--events <count>',
      'the number of events; more than 1 is a fire drill, each event with the next seed',
      wholeNumber,
      1,
    )
    .option(
      '--faults <count>',
      `faults drawn for each event; by default none, and ${drillFaults} in a fire drill`,
      wholeNumber,
    )
    .option('--fault <kind...>', 'the kinds of faults that are drawn', faultKinds)
    .option(
      '--command <command@seconds>',
      'a command of an operator at a time after T0, such as rollback@300; repeatable',
      addCommand,
      [],
    )
    .option('--hash <hash>', 'the hash of the plan that was reviewed; by default that of the stored plan')
    .action(async (plan: string, options: RehearseOptions, command: Command) => {
      const { client, print } = openContext(terminal, command);
      const path = `/plans/${encodeURIComponent(plan)}`;
      const hash = options.hash ?? (await client.read(path, PlanHash)).hash;
      const { seed, peak, events, fault, command: commands } = options;
      const faults = options.faults ?? (events > 1 ? drillFaults : 0);
      const body = {
        hash,
        load: { peakRps: peak ?? null },
        settings: {
          ...(seed === undefined ? {} : { seed }),
          events,
          faults: { kinds: faults === 0 ? [] : fault, count: faults },
          commands,
        },
      };
      const { rehearsalId } = await client.read(`${path}/rehearsals`, Started, { method: 'POST', body });
      terminal.writeError(`Rehearsing ${plan} as ${rehearsalId}\n`);
      let told = 0;
      for (;;) {
        const rehearsal = await client.read(`/rehearsals/${rehearsalId}`, Rehearsal);
        const { state, error, verdict, report } = rehearsal;
        if (state === 'queued' || state === 'running') {
          const event = Math.min(events, Math.floor(rehearsal.progress * events) + 1);
          if (events > 1 && state === 'running' && event !== told) {
            told = event;
            terminal.writeError(`event ${event} of ${events}\n`);
          }
          await terminal.sleep(everyMs);
          continue;
        }
        print(rehearsal, () => describe(rehearsal));
        if (verdict === 'met') return;
        if (report !== null) throw new CliError(exitCodes.runFailed, `${rehearsalId} missed its goals.`);
        throw new CliError(exitCodes.failed, error ?? `${rehearsalId} was canceled.`);
      }
    });
}

const percent = (share: number) => `${Math.round(share * 1000) / 10} %`;

/** Words the goals of a rehearsal, one in a line; those of a fire drill are of its worst event. */
function describe({ id, verdict, seed, events, report, drill }: z.infer<typeof Rehearsal>): string {
  const goals = (report?.goals ?? []).map(
    ({ kind, limit, measured, isMet }) =>
      `  ${isMet ? 'met   ' : 'missed'}  ${kind}${limit === null ? '' : `: ${measured ?? '-'} of ${limit}`}\n`,
  );
  const head = `${id}: goals ${verdict ?? 'not judged'}, seed ${seed}\n`;
  if (drill === null) return head + goals.join('');
  const { endedWell, interval, worstSeed } = drill;
  const share = `${endedWell} of ${events} events met their goals (95 % interval: ${percent(interval.low)} to ${percent(interval.high)})`;
  return `${head}  ${share}\n  the worst event has the seed ${worstSeed}:\n${goals.join('')}`;
}
