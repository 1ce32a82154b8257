import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StepId } from '@/lib/plan/model/model';
import type { FaultPoint } from '@/lib/run/steps/step-context';
import type { Settings } from '@/lib/settings';

/** Called at each fault point of a run; the run continues when this resolves. */
export type RunFaultPoint = (point: FaultPoint, stepId: StepId, connectionId: string) => Promise<void>;

/**
 * For crash tests: kills this process with SIGKILL once runs have reached all the fault points that
 * SPILLWAY_FAULT_POINT names. A run that reaches its point early waits for the others, so that many runs crash
 * together, each at its own point. A marker file per point in the data directory prevents a second crash after the
 * restart. Without the setting, as in production, this does nothing.
 */
export function createFaultPoint(settings: Settings): RunFaultPoint {
  const { SPILLWAY_FAULT_POINT: wanted, SPILLWAY_DATA_DIR: dataDir } = settings;
  if (wanted === undefined) return async () => undefined;
  const places = wanted.split(',');
  const markerPath = (place: string) => join(dataDir, `fault-${place.replaceAll(/[:/]/g, '-')}`);
  const isReached = (place: string) => existsSync(markerPath(place));
  return async (point, stepId, connectionId) => {
    const place = `${point}:${stepId}`;
    const here = places.find((each) => each === place || each === `${connectionId}/${place}`);
    if (here === undefined || isReached(here)) return;
    writeFileSync(markerPath(here), '');
    if (places.every(isReached)) process.kill(process.pid, 'SIGKILL');
    await new Promise(() => undefined);
  };
}
