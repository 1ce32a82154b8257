import { startRehearsalProcess } from '@/lib/rehearsal/event/start-rehearsal-process';
import { RehearsalOverdueError } from './rehearsal-overdue';
import type { RehearsalDeps } from './run-rehearsal';

/** The time that a process may take, in ms. Beyond it, it is stopped, so that others get their turn. */
export type RehearsalLimits = {
  /** Without progress. It reports a few times per second, even at a low priority; a rest takes seconds. */
  readonly silentMs: number;
  /** In all. A hundred events of six hours with 50 names take some 11 minutes of a core. */
  readonly wholeMs: number;
};

const usualLimits: RehearsalLimits = { silentMs: 120_000, wholeMs: 3_600_000 };

/**
 * Creates what carries out rehearsals, each in a process of its own: it can't delay the runs of this worker, and gets
 * neither keys nor settings. The promise rejects with a `RehearsalOverdueError` beyond the limits.
 * @param program the file of the bundle `rehearsal`
 */
export function rehearseInChild(
  program: string,
  limits: RehearsalLimits = usualLimits,
): RehearsalDeps['rehearse'] {
  return async (input, { onProgress, onEvent, finished, signal, onRest }) => {
    let overdue: RehearsalOverdueError | null = null;
    let stop = () => {};
    const end = (limit: keyof RehearsalLimits) => () => {
      overdue = new RehearsalOverdueError(limit, limits[limit]);
      stop();
    };
    const whole = setTimeout(end('wholeMs'), limits.wholeMs);
    const silent = setTimeout(end('silentMs'), limits.silentMs);
    const started = startRehearsalProcess(
      program,
      { input, finished },
      {
        onEvent,
        onProgress: ({ share }) => {
          silent.refresh();
          onProgress(share);
        },
      },
    );
    stop = started.cancel;
    onRest(started.rest);
    signal.addEventListener('abort', started.cancel, { once: true });
    try {
      return await started.result;
    } catch (error) {
      throw overdue ?? error;
    } finally {
      clearTimeout(whole);
      clearTimeout(silent);
    }
  };
}
