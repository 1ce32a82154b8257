import { Command, CommanderError } from 'commander';
import { spillwayVersion } from '@/lib/version';
import { createClient, RefusedCall, readAll } from './base/client';
import { checkUrl, defaultUrl, removeLogin, writeLogin } from './base/config';
import { CliError, type ExitCode, exitCodes } from './base/exit-codes';
import { Connection } from './base/schemas';
import { type Terminal, toPlain } from './base/terminal';
import { addAgent } from './commands/agent';
import { addApply } from './commands/apply';
import { addApproval } from './commands/approval';
import { addCapacity } from './commands/capacity';
import { addCompletion } from './commands/completion';
import { addPlan } from './commands/plan';
import { addReads } from './commands/reads';
import { addRehearse } from './commands/rehearse';
import { addRuns } from './commands/runs';

/** Adds `login` and `logout`. The token is never an argument, which other programs on the machine can read. */
function addLogin(program: Command, terminal: Terminal): void {
  program
    .command('login')
    .description('store an API token, which is read from the terminal or standard input')
    .action(async (_options: object, command: Command) => {
      const { url: given } = command.optsWithGlobals<{ readonly url?: string }>();
      const url = checkUrl(given ?? terminal.env.SPILLWAY_URL ?? defaultUrl);
      const token = (await terminal.readSecret(`API token for ${url} (Settings → API tokens): `)).trim();
      if (!/^spw_[\w-]+$/.test(token))
        throw new CliError(exitCodes.usage, 'This is not an API token.', 'A token starts with spw_.');
      const client = createClient({ url, token }, (ms) => terminal.sleep(ms));
      await readAll(client, '/connections', Connection);
      terminal.write(`Logged in to ${url}. The token is in ${writeLogin(terminal.env, { url, token })}.\n`);
    });
  program
    .command('logout')
    .description('remove the stored token')
    .action(() => removeLogin(terminal.env));
}

/** Builds the commands. */
export function buildProgram(terminal: Terminal): Command {
  const program = new Command('spillway')
    .description('Plan, apply and roll back diversions from a terminal or a pipeline.')
    .version(spillwayVersion)
    .option('--json', 'print JSON')
    .option('--url <url>', 'the address of Spillway (SPILLWAY_URL)')
    .showHelpAfterError('Run with --help for the options.')
    .configureOutput({
      writeOut: (text) => terminal.write(text),
      writeErr: (text) => terminal.writeError(text),
    })
    .exitOverride();
  addLogin(program, terminal);
  addReads(program, terminal);
  addPlan(program, terminal);
  addApproval(program, terminal);
  addRehearse(program, terminal);
  addCapacity(program, terminal);
  addApply(program, terminal);
  addRuns(program, terminal);
  addAgent(program, terminal);
  addCompletion(program, terminal);
  for (const command of program.commands) command.copyInheritedSettings(program);
  return program;
}

/** Keeps the lines of a message, without what would steer the terminal. */
const toLines = (text: string) => text.split('\n').map(toPlain).join('\n');

function report(error: unknown, { env, writeError }: Terminal): ExitCode {
  // Commander has printed its own message.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  if (error instanceof CliError) {
    writeError(`spillway: ${toLines(error.message)}\n`);
    if (error instanceof RefusedCall)
      for (const { field, detail } of error.problem.errors)
        writeError(`  ${toPlain(field)}: ${toPlain(detail)}\n`);
    if (error.fix !== undefined) writeError(`  ${toLines(error.fix)}\n`);
    return error.exitCode;
  }
  const text = error instanceof Error ? (env.SPILLWAY_DEBUG ? error.stack : error.message) : error;
  writeError(`spillway: ${toLines(String(text))}\n`);
  return exitCodes.failed;
}

/**
 * Runs a command.
 * @param args without the program
 * @returns its exit code
 */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  try {
    await buildProgram(terminal).parseAsync(args, { from: 'user' });
    return exitCodes.done;
  } catch (error) {
    return report(error, terminal);
  }
}
