import { pino } from 'pino';
import { boundedOutput } from '@/lib/log/bounded-output';
import { RecentLog } from './control/recent-log';
import { parseFlags, usage } from './flags';
import { startSandbox } from './sandbox';

/** The log, held back until the sandbox has announced its addresses, which readers expect in the first line. */
export class BufferedLog {
  #buffer: string[] | null = [];
  readonly #out: { write(text: string): unknown };

  constructor(out: { write(text: string): unknown }) {
    this.#out = out;
  }

  write(line: string): void {
    if (this.#buffer) this.#buffer.push(line);
    else this.#out.write(line);
  }

  /** Writes the first line, then everything held back; from now on the log is written directly. */
  release(firstLine: string): void {
    const held = this.#buffer ?? [];
    this.#buffer = null;
    this.#out.write([firstLine, ...held].join(''));
  }
}

/**
 * Runs the sandbox as a process: prints one JSON line with its addresses, then its log, until it receives a stop
 * signal.
 */
async function main(): Promise<void> {
  const command = parseFlags(process.argv.slice(2));
  if (!command.ok) {
    process.stderr.write(`${command.error.join('\n')}\n\nAll flags: npm run sandbox -- --help\n`);
    process.exitCode = 2;
    return;
  }
  if (command.value.kind === 'help') {
    process.stdout.write(usage);
    return;
  }
  const lines = new BufferedLog(boundedOutput(process.stdout));
  const recentLog = new RecentLog();
  const write = (line: string) => {
    recentLog.write(line);
    lines.write(line);
  };
  const log = pino({ name: 'sandbox' }, { write });
  const sandbox = await startSandbox({ ...command.value.flags, log, recentLog });
  lines.release(`${JSON.stringify(sandbox.announcement)}\n`);
  // Reports new accounts to the parent process, which may have passed the keys on.
  sandbox.onAccounts((announcement) => {
    process.send?.({ type: 'accounts', line: JSON.stringify(announcement) });
  });

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
  // As with `npm run sandbox | head -n 1`.
  process.stdout.on('error', () => stop('its output is closed'));
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  process.on('disconnect', () => stop('the launcher is gone'));
}

main().catch((error: unknown) => {
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(`The sandbox can't start: ${reason}\n`);
  if (process.send === undefined) process.exit(1);
  // The launcher shows it, including in its health response.
  process.send({ type: 'failed', reason }, () => process.exit(1));
});
