/** Tells the launcher that this process can be used now. Started by hand, there is nobody to tell. */
export function reportReady(facts: Readonly<Record<string, unknown>> = {}): void {
  process.send?.({ type: 'ready', ...facts });
}

/** Longer than any orderly stop takes; the launcher's own bounds come first as long as it lives. */
const STOP_WITHIN_MS = 15_000;

/**
 * Runs `stop` once when the launcher asks (SIGTERM), at Ctrl-C, or when the launcher is gone, also by kill -9: its end of
 * our channel closes then. Afterwards the process ends: with 0, or with 1 when `stop` failed or took too long.
 */
export function onStop(stop: () => Promise<void>): void {
  let stopping = false;
  const begin = () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    stop().then(
      () => process.exit(0),
      (error) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', begin);
  process.on('SIGINT', begin);
  process.on('disconnect', begin);
}
