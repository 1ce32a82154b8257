/** Reports to the launcher that this process is ready. Does nothing if the process was started by hand. */
export function reportReady(facts: Readonly<Record<string, unknown>> = {}): void {
  process.send?.({ type: 'ready', ...facts });
}

/** Longer than any graceful stop takes; as long as the launcher lives, its own time limits apply first. */
const STOP_WITHIN_MS = 15_000;
/**
 * The time limit once the launcher has ended: no process waits for a graceful stop, and the next launcher needs the ports
 * and names.
 */
const END_WITHIN_MS = 1_000;

/**
 * Runs `stop` once when the launcher requests it (SIGTERM), at Ctrl-C, or when the launcher has ended, even by kill -9:
 * its end of our channel closes then. Afterwards the process ends: with 0, or with 1 if `stop` failed or took too long.
 */
export function onStop(stop: () => Promise<void>): void {
  let stopping = false;
  const begin = (withinMs: number) => {
    // The later request may have the shorter time limit.
    setTimeout(() => process.exit(1), withinMs).unref();
    if (stopping) return;
    stopping = true;
    stop().then(
      () => process.exit(0),
      (error) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => begin(STOP_WITHIN_MS));
  process.on('SIGINT', () => begin(STOP_WITHIN_MS));
  process.on('disconnect', () => begin(END_WITHIN_MS));
}
