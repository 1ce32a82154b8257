import { startRehearsalProcess } from '@/lib/rehearsal/event/start-rehearsal-process';
import { RehearsalReport } from '@/lib/rehearsal/report/report';
import type { RehearsalDeps } from './run-rehearsal';

/**
 * Creates what carries out rehearsals, each in a process of its own: it can't delay the runs of this worker, and gets
 * neither keys nor settings.
 * @param program the file of the bundle `rehearsal`
 */
export function rehearseInChild(program: string): RehearsalDeps['rehearse'] {
  return async (input, { onProgress, signal }) => {
    const started = startRehearsalProcess(
      program,
      { input, seeds: null },
      { onProgress: ({ share }) => onProgress(share) },
    );
    signal.addEventListener('abort', started.cancel, { once: true });
    return RehearsalReport.parse(await started.result);
  };
}
