import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type PlanDescription, writePlanMarkdown } from '@/lib/contract/plan-description';
import { type Context, openContext } from '../base/context';
import { CliError, exitCodes } from '../base/exit-codes';
import { Description, type PlannedFile, previewFile, writeReviewed } from '../base/plan-files';
import { readDiversionFiles } from '../base/read-diversion-file';
import { type Terminal, toPlain } from '../base/terminal';

const marks = { pass: 'pass', warn: 'warn', block: 'BLOCK', unknown: 'UNKNOWN' } as const;

/** Writes the findings of a plan that are no pass, and the number of those that are. */
function formatFindings({ findings, isBlocked }: PlanDescription): string {
  const shown = findings.filter(({ status }) => status !== 'pass');
  const lines = shown.flatMap(({ status, isBlocking, check, text, source, acknowledgement }) => [
    `  ${marks[status].padEnd(8)}${toPlain(check)}: ${toPlain(text)}`,
    `          ${source}`,
    ...(isBlocking && acknowledgement
      ? [`          To accept this, add to acknowledged: ${toPlain(JSON.stringify(acknowledgement))}`]
      : []),
  ]);
  const passed = findings.length - shown.length;
  const verdict = isBlocked ? 'The preflight blocks this plan.' : 'The preflight allows this plan.';
  return `${[...lines, `${verdict} ${passed} of ${findings.length} checks passed.`].join('\n')}\n`;
}

/** Writes a plan: its steps and its findings. */
function formatPlan(plan: PlanDescription): string {
  const { name, kind, connectionId, planId, diversionId, hash, effects, steps, rollback } = plan;
  const list = (title: string, of: PlanDescription['steps']) =>
    of.length === 0 ? [] : [title, ...of.map(({ id, text }) => `  ${id.padEnd(5)} ${toPlain(text)}`)];
  const head = [`${toPlain(name)} (${kind} on ${toPlain(connectionId)})`];
  if (planId !== null) head.push(`plan ${planId} of ${diversionId}, hash ${hash}`);
  const body = steps.length === 0 ? ['No changes: the estate already matches.'] : list('Apply', steps);
  return `${[...head, ...body, ...list('Rollback', rollback)].join('\n')}\n${formatFindings(plan)}effects ${effects}\n`;
}

type Chosen = { readonly file?: readonly string[] };

/** Reads a stored plan in words, or plans files without storing anything. */
async function readPlans(
  context: Context,
  plan: string | undefined,
  { file }: Chosen,
): Promise<{ readonly plans: readonly PlanDescription[]; readonly files: readonly PlannedFile[] }> {
  if ((plan === undefined) === (file === undefined))
    throw new CliError(exitCodes.usage, 'Name a plan, or diversion files with -f.');
  const { client, terminal } = context;
  if (plan !== undefined) {
    const found = await client.read(`/plans/${encodeURIComponent(plan)}/description`, Description);
    return { plans: [found], files: [] };
  }
  const files: PlannedFile[] = [];
  // One after the other: each is planned on the whole estate.
  for (const source of readDiversionFiles(terminal.cwd, file ?? []))
    files.push(await previewFile(client, source));
  return { plans: files.map((each) => each.plan), files };
}

function refuseBlocked(plans: readonly PlanDescription[]): void {
  const blocked = plans.filter(({ isBlocked }) => isBlocked);
  if (blocked.length > 0)
    throw new CliError(
      exitCodes.blocked,
      `The preflight blocks ${blocked.map(({ name }) => `“${name}”`).join(', ')}.`,
      'Change the diversion as the findings say.',
    );
}

/** Adds `plan` and `preflight`. */
export function addPlan(program: Command, terminal: Terminal): void {
  program
    .command('plan')
    .description('show a plan, or what diversion files would change; nothing is stored')
    .argument('[plan]', 'the ID of a plan, such as P-0001')
    .option('-f, --file <files...>', 'diversion files, or folders of them')
    .option('--markdown', 'print Markdown, as for a comment on a pull request')
    .option('--out <file>', 'write what was planned, for `apply --plan`')
    .action(
      async (
        plan: string | undefined,
        options: Chosen & { readonly markdown?: true; readonly out?: string },
        command: Command,
      ) => {
        const context = openContext(terminal, command);
        const { plans, files } = await readPlans(context, plan, options);
        const write = options.markdown ? writePlanMarkdown : formatPlan;
        context.print(plan === undefined ? plans : plans[0], () => plans.map(write).join('\n'));
        if (options.out !== undefined)
          writeFileSync(resolve(terminal.cwd, options.out), writeReviewed(files));
        refuseBlocked(plans);
      },
    );

  program
    .command('preflight')
    .description(
      `show the findings of a plan or of diversion files; exits with ${exitCodes.blocked} if one blocks`,
    )
    .argument('[plan]', 'the ID of a plan')
    .option('-f, --file <files...>', 'diversion files, or folders of them')
    .action(async (plan: string | undefined, options: Chosen, command: Command) => {
      const context = openContext(terminal, command);
      const { plans } = await readPlans(context, plan, options);
      const findings = plans.map(({ name, isBlocked, findings: of }) => ({ name, isBlocked, findings: of }));
      context.print(plan === undefined ? findings : findings[0], () => plans.map(formatFindings).join('\n'));
      refuseBlocked(plans);
    });
}
