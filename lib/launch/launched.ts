/** Reports to the launcher that this process is ready. Does nothing if the process was started by hand. */
export function reportReady(facts: Readonly<Record<string, unknown>> = {}): void {
  process.send?.({ type: 'ready', ...facts });
}

/** Longer than any graceful stop; while the launcher runs, its own shorter time limits apply. */
const STOP_WITHIN_MS = 15_000;
/**
 * The time limit after the launcher has ended: nothing waits for a graceful stop any more, and the next launcher needs
 * the ports and names.
 */
const END_WITHIN_MS = 1_000;

/**
 * Runs `stop` once when the launcher requests it (SIGTERM), at Ctrl-C, or when the launcher ends, even by kill -9,
 * which closes the channel. Afterwards the process ends: with 0, or with 1 if `stop` failed or took too long.
 */
export function onStop(stop: () => Promise<void>): void {
  let stopping = false;
  const begin = (withinMs: number) => {
    // The later request may have a shorter time limit.
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
