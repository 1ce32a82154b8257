import { pino } from 'pino';
import { parseFlags, usage } from './flags';
import { HeldLog } from './held-log';
import { startSandbox } from './sandbox';

/** The sandbox as a process: one JSON line that says where it is, then its log, until it is told to stop. */
async function main(): Promise<void> {
  const flags = parseFlags(process.argv.slice(2));
  if (!flags.ok) {
    process.stderr.write(`${flags.error.join('\n')}\n\nFlags:\n${usage}\n`);
    process.exitCode = 2;
    return;
  }
  const lines = new HeldLog(process.stdout);
  const log = pino({ name: 'sandbox' }, lines);
  const sandbox = await startSandbox({ ...flags.value, log });
  lines.release(`${JSON.stringify(sandbox.announcement)}\n`);

  let stopping = false;
  const stop = (reason: string) => {
    if (stopping) return;
    stopping = true;
    log.info({ reason }, 'stopping');
    sandbox.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'did not stop cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  process.on('disconnect', () => stop('the launcher is gone'));
}

main().catch((error: unknown) => {
  process.stderr.write(
    `The sandbox can't start: ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exit(1);
});
