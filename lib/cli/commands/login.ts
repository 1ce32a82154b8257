import type { Command } from 'commander';
import { createClient, readAll } from '../base/client';
import { checkUrl, defaultUrl, removeLogin, writeLogin } from '../base/config';
import { CliError, exitCodes } from '../base/exit-codes';
import { Connection } from '../base/schemas';
import type { Terminal } from '../base/terminal';

/** Adds `login` and `logout`. The token is never an argument, which other programs on the machine can read. */
export function addLogin(program: Command, terminal: Terminal): void {
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
