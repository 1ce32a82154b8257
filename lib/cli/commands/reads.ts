import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { readAll } from '../base/client';
import { openContext } from '../base/context';
import { CliError, exitCodes } from '../base/exit-codes';
import { BindingPage, Connection, DiversionItem, Drift } from '../base/schemas';
import type { Terminal } from '../base/terminal';

const path = (text: string) => encodeURIComponent(text);

/** Adds the commands that only read: `estate`, `diversions`, `drift` and `export`. */
export function addReads(program: Command, terminal: Terminal): void {
  program
    .command('estate')
    .description('list the accounts, or the rules and listeners of one')
    .argument('[connection]', 'the ID of an account, such as sandbox-niaga')
    .option('--search <text>', 'only those with this text in a domain, load balancer or backend')
    .option('--sync', 'request a sync instead')
    .action(
      async (
        connection: string | undefined,
        { search, sync }: { readonly search?: string; readonly sync?: true },
        command: Command,
      ) => {
        const context = openContext(terminal, command);
        if (connection === undefined) {
          const all = await readAll(context.client, '/connections', Connection);
          const rows = all.map(({ id, name, kind, uin }) => [id, name, kind, uin ?? '']);
          context.printTable(all, ['ID', 'NAME', 'KIND', 'ACCOUNT'], rows);
          return;
        }
        const base = `/connections/${path(connection)}`;
        if (sync) {
          await context.client.send(`${base}/sync`, { method: 'POST' });
          context.print({ connection, sync: 'requested' }, () => `Requested a sync of ${connection}.\n`);
          return;
        }
        const query = new URLSearchParams({ limit: '200', ...(search !== undefined && { q: search }) });
        const found: (typeof BindingPage)['_output']['rows'] = [];
        let cursor: string | null = '';
        while (cursor !== null) {
          if (cursor !== '') query.set('cursor', cursor);
          const page: (typeof BindingPage)['_output'] = await context.client.read(
            `${base}/bindings?${query}`,
            BindingPage,
          );
          found.push(...page.rows);
          cursor = page.nextCursor;
        }
        context.printTable(
          found,
          ['DOMAIN', 'LOAD BALANCER', 'LISTENER', 'REGION', 'BOUND', 'HEALTH', 'ID'],
          found.map(({ domain, url, loadBalancer, listener, region, bound, health, id }) => [
            domain === null ? '-' : `${domain}${url ?? ''}`,
            loadBalancer,
            listener,
            region,
            bound.map(({ text }) => text).join(', ') || '-',
            health,
            id,
          ]),
        );
      },
    );

  program
    .command('diversions')
    .description('list the diversions, newest first, or show one')
    .argument('[diversion]', 'the ID of a diversion, such as D-0001')
    .action(async (id: string | undefined, _options: object, command: Command) => {
      const context = openContext(terminal, command);
      const all =
        id === undefined
          ? await readAll(context.client, '/diversions', DiversionItem)
          : [await context.client.read(`/diversions/${path(id)}`, DiversionItem)];
      const rows = all.map(({ id: of, kind, name, domains, state, newest }) => [
        of,
        kind,
        state,
        newest?.planId ?? '-',
        newest?.runId ?? '-',
        domains.join(', '),
        name,
      ]);
      const head = ['ID', 'KIND', 'STATE', 'PLAN', 'RUN', 'DOMAINS', 'NAME'];
      context.printTable(id === undefined ? all : all[0], head, rows);
    });

  program
    .command('drift')
    .description('list the objects of an account that differ from their baseline')
    .argument('<connection>', 'the ID of an account')
    .option('--exit-code', `exit with ${exitCodes.differs} if there is drift`)
    .action(async (connection: string, options: { readonly exitCode?: true }, command: Command) => {
      const context = openContext(terminal, command);
      const drift = await context.client.read(`/connections/${path(connection)}/drift`, Drift);
      const rows = [
        ...drift.drifted.map(({ key }) => ['drifted', key]),
        ...drift.unknown.map(({ key }) => ['unknown', key]),
      ];
      context.print(drift, () =>
        rows.length === 0
          ? `No drift: ${drift.watched} objects are as the plans left them.\n`
          : `${rows.map(([state = '', key = '']) => `${state.padEnd(8)} ${key}`).join('\n')}\n`,
      );
      if (options.exitCode && drift.drifted.length > 0)
        throw new CliError(exitCodes.differs, `${drift.drifted.length} objects have drifted.`);
    });

  program
    .command('export')
    .description('export a plan as a file')
    .argument('<plan>', 'the ID of a plan, such as P-0001')
    .option('--form <form>', 'json, tccli, tccli-back or terraform', 'json')
    .option('-o, --output <file>', 'write to a file instead of standard output')
    .action(
      async (
        plan: string,
        options: { readonly form: string; readonly output?: string },
        command: Command,
      ) => {
        const { client } = openContext(terminal, command);
        const text = await client.readText(`/plans/${path(plan)}/export/${path(options.form)}`);
        if (options.output === undefined) terminal.write(text);
        else writeFileSync(resolve(terminal.cwd, options.output), text);
      },
    );
}
