import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StepId } from '@/lib/plan/model';
import type { FaultPoint } from '@/lib/run/step-context';
import type { Settings } from '@/lib/settings';

/** Told of each place that a run comes to; the run goes on when this resolves. */
export type RunFaultPoint = (point: FaultPoint, stepId: StepId, connectionId: string) => Promise<void>;

/**
 * For crash tests: kills this process with SIGKILL once runs have come to all the places that SPILLWAY_FAULT_POINT names.
 * Who comes to one before waits for the others there, so that many runs die together, each at a place of its own. A file
 * in the data directory for each place keeps it from happening again in the next life.
 * Without the setting, as in production, nothing ever happens.
 */
export function faultPointOf(settings: Settings): RunFaultPoint {
  const { SPILLWAY_FAULT_POINT: wanted, SPILLWAY_DATA_DIR: dataDir } = settings;
  if (wanted === undefined) return async () => undefined;
  const places = wanted.split(',');
  const markerOf = (place: string) => join(dataDir, `fault-${place.replaceAll(/[:/]/g, '-')}`);
  const isReached = (place: string) => existsSync(markerOf(place));
  return async (point, stepId, connectionId) => {
    const place = `${point}:${stepId}`;
    const here = places.find((each) => each === place || each === `${connectionId}/${place}`);
    if (here === undefined || isReached(here)) return;
    writeFileSync(markerOf(here), '');
    if (places.every(isReached)) process.kill(process.pid, 'SIGKILL');
    await new Promise(() => undefined);
  };
}
