/** Tells the launcher that this process can be used now. Started by hand, there is nobody to tell. */
export function reportReady(facts: Readonly<Record<string, unknown>> = {}): void {
  process.send?.({ type: 'ready', ...facts });
}

/** Longer than any orderly stop takes; the launcher's own bounds come first as long as it lives. */
const STOP_WITHIN_MS = 15_000;
/** When the launcher is gone nobody waits for an orderly end, and the next launcher wants ports and names. */
const END_WITHIN_MS = 1_000;

/**
 * Runs `stop` once when the launcher asks (SIGTERM), at Ctrl-C, or when the launcher is gone, also by kill -9: its end of
 * our channel closes then. Afterwards the process ends: with 0, or with 1 when `stop` failed or took too long.
 */
export function onStop(stop: () => Promise<void>): void {
  let stopping = false;
  const begin = (withinMs: number) => {
    // The later request may be the more urgent one.
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
