import { existsSync, writeFileSync } from 'node:fs';
import type { StepContext } from '@/lib/run/step-context';

/**
 * For crash tests: kills this process with SIGKILL the first time that a run reaches the named place.
 * @param setting `NAME:STEP:MARKER`, such as `afterCall:s2:/tmp/x`; the marker file keeps it from happening again in the
 *   next life. Undefined, as in production: nothing ever happens.
 */
export function faultPointOf(setting: string | undefined): StepContext['faultPoint'] {
  if (setting === undefined) return async () => undefined;
  const [name, step, marker = ''] = setting.split(':');
  return async (point, stepId) => {
    if (point !== name || stepId !== step || existsSync(marker)) return;
    writeFileSync(marker, '');
    process.kill(process.pid, 'SIGKILL');
    await new Promise(() => undefined);
  };
}
