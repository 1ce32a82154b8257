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
  error: z.string().nullable(),
  report: z.looseObject({ goals: z.array(Goal) }).nullable(),
});

const wholeNumber = (text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Use a whole number.');
  return Number(text);
};

type RehearseOptions = {
  readonly seed?: number;
  readonly peak?: number;
  readonly faults: number;
  readonly hash?: string;
};

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
    .option('--faults <count>', 'faults drawn from the seed', wholeNumber, 0)
    .option('--hash <hash>', 'the hash of the plan that was reviewed; by default that of the stored plan')
    .action(async (plan: string, options: RehearseOptions, command: Command) => {
      const { client, print } = openContext(terminal, command);
      const path = `/plans/${encodeURIComponent(plan)}`;
      const hash = options.hash ?? (await client.read(path, PlanHash)).hash;
      const { seed, peak, faults } = options;
      const body = {
        hash,
        load: { peakRps: peak ?? null },
        settings: {
          ...(seed === undefined ? {} : { seed }),
          faults: { kinds: faults === 0 ? [] : faultKinds, count: faults },
        },
      };
      const { rehearsalId } = await client.read(`${path}/rehearsals`, Started, { method: 'POST', body });
      terminal.writeError(`Rehearsing ${plan} as ${rehearsalId}\n`);
      for (;;) {
        const rehearsal = await client.read(`/rehearsals/${rehearsalId}`, Rehearsal);
        const { state, error, verdict, report } = rehearsal;
        if (state === 'queued' || state === 'running') {
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

/** Words the goals of a rehearsal, one in a line. */
function describe({ id, verdict, seed, report }: z.infer<typeof Rehearsal>): string {
  const goals = (report?.goals ?? []).map(
    ({ kind, limit, measured, isMet }) =>
      `  ${isMet ? 'met   ' : 'missed'}  ${kind}${limit === null ? '' : `: ${measured ?? '-'} of ${limit}`}\n`,
  );
  return `${id}: goals ${verdict ?? 'not judged'}, seed ${seed}\n${goals.join('')}`;
}
