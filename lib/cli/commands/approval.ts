import type { Command } from 'commander';
import { z } from 'zod';
import { type Context, openContext } from '../base/context';
import type { Terminal } from '../base/terminal';

type Reviewed = { readonly hash?: string };
type Person = Reviewed & { readonly name?: string };

/** Returns the address of a plan and the hash that was reviewed: that of the stored plan, if none was named. */
async function findReviewed({ client }: Context, plan: string, { hash }: Reviewed) {
  const at = `/plans/${encodeURIComponent(plan)}`;
  return { at, hash: hash ?? (await client.read(at, z.looseObject({ hash: z.string() }))).hash };
}

const getName = (terminal: Terminal, { name }: Person) => name ?? terminal.env.USER ?? 'spillway';

const hashOption = [
  '--hash <hash>',
  'the hash of the plan that was reviewed; by default that of the stored plan',
] as const;
const nameOption = ['--name <name>', 'your name, where people don’t sign in'] as const;

/** Adds `approve`, `request-approval` and `decline`. */
export function addApproval(program: Command, terminal: Terminal): void {
  program
    .command('approve')
    .description('approve a plan')
    .argument('<plan>', 'the ID of a plan')
    .option(...hashOption)
    .option(...nameOption)
    .option('--comment <text>', 'a comment', '')
    .action(async (plan: string, options: Person & { readonly comment: string }, command: Command) => {
      const context = openContext(terminal, command);
      const { at, hash } = await findReviewed(context, plan, options);
      const body = { hash, name: getName(terminal, options), comment: options.comment };
      await context.client.send(`${at}/approve`, { method: 'POST', body });
      context.print({ plan, hash }, () => `Approved ${plan} (hash ${hash}).\n`);
    });

  program
    .command('request-approval')
    .description('ask people to approve a plan')
    .argument('<plan>', 'the ID of a plan')
    .option(...hashOption)
    .option('--from <people...>', 'e-mail addresses; by default everyone who may approve')
    .option('--message <text>', 'a message to them', '')
    .action(
      async (
        plan: string,
        options: Reviewed & { readonly from?: readonly string[]; readonly message: string },
        command: Command,
      ) => {
        const context = openContext(terminal, command);
        const { at, hash } = await findReviewed(context, plan, options);
        const body = { hash, approvers: options.from ?? null, message: options.message };
        await context.client.send(`${at}/requests`, { method: 'POST', body });
        context.print({ plan, hash }, () => `Requested approval of ${plan} (hash ${hash}).\n`);
      },
    );

  program
    .command('decline')
    .description('decline to approve a plan')
    .argument('<plan>', 'the ID of a plan')
    .requiredOption('--reason <text>', 'the reason')
    .option(...hashOption)
    .option(...nameOption)
    .action(async (plan: string, options: Person & { readonly reason: string }, command: Command) => {
      const context = openContext(terminal, command);
      const { at, hash } = await findReviewed(context, plan, options);
      const body = { hash, name: getName(terminal, options), reason: options.reason };
      await context.client.send(`${at}/decline`, { method: 'POST', body });
      context.print({ plan, hash }, () => `Declined ${plan} (hash ${hash}).\n`);
    });
}
