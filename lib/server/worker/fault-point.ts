import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StepContext } from '@/lib/run/step-context';
import type { Settings } from '@/lib/settings';

/**
 * For crash tests: kills this process with SIGKILL the first time that a run reaches the place and step which
 * SPILLWAY_FAULT_POINT names; a file in the data directory keeps it from happening again in the next life.
 * Without the setting, as in production, nothing ever happens.
 */
export function faultPointOf(settings: Settings): StepContext['faultPoint'] {
  const wanted = settings.SPILLWAY_FAULT_POINT;
  if (wanted === undefined) return async () => undefined;
  const marker = join(settings.SPILLWAY_DATA_DIR, `fault-${wanted.replace(':', '-')}`);
  return async (point, stepId) => {
    if (`${point}:${stepId}` !== wanted || existsSync(marker)) return;
    writeFileSync(marker, '');
    process.kill(process.pid, 'SIGKILL');
    await new Promise(() => undefined);
  };
}
