import { type Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { writePlanMarkdown } from '@/lib/contract/plan-description';
import {
  type CutoverRequest,
  type GuardMeasure,
  guardMeasures,
  type MissedT0,
  ReadyPolicy,
} from '@/lib/diversion/cutover';
import { type Client, RefusedCall } from '../base/client';
import { type Context, openContext } from '../base/context';
import { CliError, exitCodes } from '../base/exit-codes';
import { Description, type PlannedFile, previewFile, readReviewed } from '../base/plan-files';
import { readDiversionFiles } from '../base/read-diversion-file';
import { DiversionItem, Schedule } from '../base/schemas';
import type { Terminal } from '../base/terminal';
import { watchRun } from '../base/watch-run';

const RunRef = z.object({ runId: z.string() });
const PlanRef = z.object({ planId: z.string() });

type ApplyOptions = {
  readonly file?: readonly string[];
  readonly expect?: string;
  readonly plan?: string;
  readonly yes?: true;
  readonly hash?: string;
  readonly confirm?: string;
  readonly wait?: true;
};

type Applied = { readonly planId: string; readonly runId: string };

/** Applies a stored plan; `hash` is that of the reviewed one. */
async function applyStored(
  client: Client,
  planId: string,
  body: {
    readonly hash: string;
    readonly typedDomain: string | null;
    readonly cutover?: z.input<typeof CutoverRequest>;
  },
): Promise<Applied> {
  try {
    const path = `/plans/${encodeURIComponent(planId)}/apply`;
    return { planId, ...(await client.read(path, RunRef, { method: 'POST', body })) };
  } catch (error) {
    if (error instanceof RefusedCall && error.problem.code === 'plan.otherHash')
      throw new CliError(exitCodes.differs, error.problem.detail, 'Review the plan again.');
    throw error;
  }
}

async function readHash(client: Client, planId: string): Promise<string> {
  return (await client.read(`/plans/${encodeURIComponent(planId)}`, z.looseObject({ hash: z.string() })))
    .hash;
}

/** Returns the effects that were reviewed for a file; null = any are accepted. */
function expectedEffects(terminal: Terminal, options: ApplyOptions, files: readonly string[]) {
  const { expect, plan, yes } = options;
  if ([expect, plan, yes].filter((each) => each !== undefined).length !== 1)
    throw new CliError(
      exitCodes.usage,
      'Say which plan was reviewed.',
      'Use --plan with the file of `plan --out`, --expect with the effects of one plan, or --yes.',
    );
  if (expect !== undefined && files.length > 1)
    throw new CliError(exitCodes.usage, '--expect is for one file.', 'Use --plan for several.');
  const reviewed = plan === undefined ? null : readReviewed(terminal.cwd, plan);
  return (file: string): string | null => {
    if (reviewed === null) return expect ?? null;
    const effects = reviewed.get(file);
    if (effects === undefined)
      throw new CliError(
        exitCodes.differs,
        `${file} is not in ${plan}.`,
        'Plan again, and review that plan.',
      );
    return effects;
  };
}

function refuseOther({ source, plan }: PlannedFile, expected: string | null, terminal: Terminal): void {
  if (expected === null || plan.effects === expected) return;
  terminal.writeError(writePlanMarkdown(plan));
  throw new CliError(
    exitCodes.differs,
    `The plan of ${source.file} differs from the reviewed one: effects ${plan.effects}, reviewed ${expected}.`,
    'The file or the estate has changed. Review the plan above, and apply that one.',
  );
}

/** The most diversions of a file's name whose plans are compared with its plan. */
const sameNameMax = 5;

/**
 * Finds the stored plan of a file that an earlier `apply` was refused: of the same name and effects, and never applied.
 * Otherwise each refused `apply` would store another diversion.
 */
async function findRefused(client: Client, { source, plan }: PlannedFile): Promise<string | null> {
  const { items } = await client.read('/diversions?limit=200', z.object({ items: z.array(DiversionItem) }));
  const waiting = items.flatMap(({ id, name, connectionId, state, newest }) => {
    const isSame = name === plan.name && connectionId === source.connection && id === (source.id ?? id);
    return isSame && state !== 'discarded' && newest !== null && newest.runId === null ? [newest.planId] : [];
  });
  for (const planId of waiting.slice(0, sameNameMax)) {
    const { effects } = await client.read(`/plans/${planId}/description`, Description);
    if (effects === plan.effects) return planId;
  }
  return null;
}

/** Stores the plan of a file, and applies it if it is still the one that was reviewed. */
async function applyFile(
  { client, terminal }: Context,
  { source, plan }: PlannedFile,
  typedDomain: string | null,
): Promise<Applied> {
  const { connection: connectionId, diversion, id: diversionId = null } = source;
  const body = { connectionId, diversion, diversionId };
  const planId =
    (await findRefused(client, { source, plan })) ??
    (await client.read('/plans', PlanRef, { method: 'POST', body })).planId;
  const stored = await client.read(`/plans/${planId}/description`, Description);
  refuseOther({ source, plan: stored }, plan.effects, terminal);
  return applyStored(client, planId, { hash: stored.hash ?? '', typedDomain });
}

async function applyFiles(context: Context, options: ApplyOptions): Promise<readonly Applied[]> {
  const { client, terminal } = context;
  const sources = readDiversionFiles(terminal.cwd, options.file ?? []);
  const expected = expectedEffects(
    terminal,
    options,
    sources.map(({ file }) => file),
  );
  const planned: PlannedFile[] = [];
  for (const source of sources) {
    const found = await previewFile(client, source);
    refuseOther(found, expected(source.file), terminal);
    if (found.plan.isBlocked)
      throw new CliError(
        exitCodes.blocked,
        `The preflight blocks ${source.file}.`,
        `Run: spillway preflight -f ${source.file}`,
      );
    planned.push(found);
  }
  const applied: Applied[] = [];
  for (const each of planned) {
    if (each.plan.steps.length === 0) {
      terminal.writeError(`${each.source.file}: no changes.\n`);
      continue;
    }
    const made = await applyFile(context, each, options.confirm ?? null);
    terminal.writeError(`${each.source.file}: plan ${made.planId}, run ${made.runId}\n`);
    applied.push(made);
    if (options.wait)
      await watchRun({ client, terminal, runId: made.runId, wanted: 'apply', untilInEffect: true });
  }
  return applied;
}

const instant = (text: string): string => {
  if (!z.iso.datetime({ offset: true }).safeParse(text).success)
    throw new InvalidArgumentError('Use an instant such as 2026-12-12T00:00:00+07:00.');
  return new Date(text).toISOString();
};
const seconds = (text: string): number => {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('Use whole seconds.');
  return Number(text);
};

const percent = (text: string): number => {
  const value = seconds(text);
  if (value < 1 || value > 100) throw new InvalidArgumentError('Use a whole number from 1 to 100.');
  return value;
};

type ScheduleOptions = {
  readonly t0?: string;
  readonly t1?: string;
  readonly prewarm: number;
  readonly ifLate?: number;
  readonly readyPercent?: number;
  readonly readyWait?: number;
  readonly ifNotReady?: ReadyPolicy['otherwise'];
  readonly zone: string;
  readonly hash?: string;
  readonly confirm?: string;
  readonly withoutGuard: GuardMeasure[];
};

/** Adds `apply` and `schedule`. */
export function addApply(program: Command, terminal: Terminal): void {
  program
    .command('apply')
    .description(
      `apply a plan, or diversion files; exits with ${exitCodes.differs} if it is not the reviewed plan`,
    )
    .argument('[plan]', 'the ID of a plan')
    .option('-f, --file <files...>', 'diversion files, or folders of them')
    .option('--plan <file>', 'with -f: the file of `plan --out` that was reviewed')
    .option('--expect <effects>', 'with -f: the effects of the plan that was reviewed')
    .option('--yes', 'with -f: apply whatever the files need now')
    .option('--hash <hash>', 'the hash of the plan that was reviewed; by default that of the stored plan')
    .option('--confirm <domain>', 'the moved domain, which a real account requires')
    .option('--wait', 'wait until it is in effect')
    .action(async (plan: string | undefined, options: ApplyOptions, command: Command) => {
      const context = openContext(terminal, command);
      const { client } = context;
      if ((plan === undefined) === (options.file === undefined))
        throw new CliError(exitCodes.usage, 'Name a plan, or diversion files with -f.');
      if (plan === undefined) {
        const applied = await applyFiles(context, options);
        context.print(applied, () => applied.map(({ runId }) => `${runId}\n`).join(''));
        return;
      }
      const hash = options.hash ?? (await readHash(client, plan));
      const applied = await applyStored(client, plan, { hash, typedDomain: options.confirm ?? null });
      context.print(applied, () => `${applied.runId}\n`);
      if (options.wait)
        await watchRun({ client, terminal, runId: applied.runId, wanted: 'apply', untilInEffect: true });
    });

  program
    .command('schedule')
    .description('list the scheduled cutovers, or schedule a plan')
    .argument('[plan]', 'the ID of a plan')
    .option('--t0 <instant>', 'the start, such as 2026-12-12T00:00:00+07:00', instant)
    .option('--t1 <instant>', 'the rollback; without it, the diversion stays', instant)
    .option('--prewarm <seconds>', 'the lead time of prewarm', seconds, 300)
    .option(
      '--if-late <seconds>',
      'divert up to this late if T0 is missed; by default it is skipped',
      seconds,
    )
    .option('--ready-percent <percent>', 'the share of warm instances that must be ready at T0', percent)
    .option('--ready-wait <seconds>', 'the longest wait for them after T0', seconds)
    .addOption(
      new Option('--if-not-ready <action>', 'what happens after that wait').choices(
        ReadyPolicy.shape.otherwise.unwrap().options,
      ),
    )
    .addOption(
      new Option('--without-guard <measure...>', 'guards of the policy to leave out, by their measure')
        .choices(guardMeasures)
        .default([]),
    )
    .option('--zone <zone>', 'the time zone in which people see the times', 'UTC')
    .option('--hash <hash>', 'the hash of the plan that was reviewed; by default that of the stored plan')
    .option('--confirm <domain>', 'the moved domain, which a real account requires')
    .action(async (plan: string | undefined, options: ScheduleOptions, command: Command) => {
      const context = openContext(terminal, command);
      if (plan === undefined) {
        const schedule = await context.client.read('/schedule', Schedule);
        const rows = schedule.cutovers.map(({ runId, state, cutover: { t0, t1 }, name }) => [
          runId,
          state,
          t0,
          t1 ?? '-',
          name,
        ]);
        context.printTable(schedule.cutovers, ['RUN', 'STATE', 'T0', 'T1', 'NAME'], rows);
        return;
      }
      const { t0, t1 = null, prewarm: prewarmS, ifLate, zone } = options;
      if (t0 === undefined) throw new CliError(exitCodes.usage, 'Name the start with --t0.');
      const missedT0: MissedT0 =
        ifLate === undefined ? { kind: 'skip' } : { kind: 'runIfLate', withinS: ifLate };
      const readiness = {
        percent: options.readyPercent,
        waitS: options.readyWait,
        otherwise: options.ifNotReady,
      };
      const { withoutGuard: withoutGuards } = options;
      const cutover = { t0, t1, prewarmS, zone, missedT0, readiness, withoutGuards };
      const hash = options.hash ?? (await readHash(context.client, plan));
      const typedDomain = options.confirm ?? null;
      const applied = await applyStored(context.client, plan, { hash, typedDomain, cutover });
      if (withoutGuards.length > 0)
        terminal.writeError(`Without the policy's guards: ${withoutGuards.join(', ')}\n`);
      context.print(applied, () => `${applied.runId}\n`);
    });
}
