import type { Command } from 'commander';
import { openContext } from '../base/context';
import type { Terminal } from '../base/terminal';
import { watchRun } from '../base/watch-run';

/** Adds `watch` and `rollback`. */
export function addRuns(program: Command, terminal: Terminal): void {
  program
    .command('watch')
    .description('watch a run until it ends or waits for a person')
    .argument('<run>', 'the ID of a run, such as R-0001')
    .option('--until-in-effect', 'end when the diversion is in effect, not at its T1')
    .action(async (runId: string, options: { readonly untilInEffect?: true }, command: Command) => {
      const { client, print } = openContext(terminal, command);
      const untilInEffect = options.untilInEffect === true;
      const run = await watchRun({ client, terminal, runId, wanted: null, untilInEffect });
      print(run, () => `${run.state}\n`);
    });

  program
    .command('rollback')
    .description('roll a run back')
    .argument('<run>', 'the ID of a run')
    .option('--reason <text>', 'the reason, which is recorded', '')
    .option('--wait', 'wait until it is rolled back')
    .action(
      async (
        runId: string,
        { reason, wait }: { readonly reason: string; readonly wait?: true },
        command: Command,
      ) => {
        const { client, print } = openContext(terminal, command);
        const path = `/runs/${encodeURIComponent(runId)}/command`;
        await client.send(path, { method: 'POST', body: { command: 'rollback', reason } });
        if (wait) await watchRun({ client, terminal, runId, wanted: 'rollback', untilInEffect: false });
        print({ runId, command: 'rollback' }, () =>
          wait ? `Rolled back ${runId}.\n` : `Requested the rollback of ${runId}.\n`,
        );
      },
    );
}
