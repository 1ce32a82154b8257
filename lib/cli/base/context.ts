import type { Command } from 'commander';
import { type Client, createClient } from './client';
import { readLogin } from './config';
import { formatTable, type Terminal } from './terminal';

/** The client and the output of a command. */
export type Context = {
  readonly terminal: Terminal;
  readonly client: Client;
  /** Prints a value as JSON (`--json`), else as text. */
  print(value: unknown, text: () => string): void;
  /** Prints a value as JSON, else as a table. */
  printTable(value: unknown, head: readonly string[], rows: readonly (readonly string[])[]): void;
};

/** The options of every command. */
type GlobalOptions = { readonly json?: boolean; readonly url?: string };

/** Reads the login and the options of every command. */
export function openContext(terminal: Terminal, command: Command): Context {
  const { json = false, url } = command.optsWithGlobals<GlobalOptions>();
  const client = createClient(readLogin(terminal.env, url), (ms) => terminal.sleep(ms));
  const print = (value: unknown, text: () => string) =>
    terminal.write(json ? `${JSON.stringify(value, null, 2)}\n` : text());
  return {
    terminal,
    client,
    print,
    printTable: (value, head, rows) => print(value, () => formatTable(head, rows)),
  };
}
