import type { Diversion } from './diversion';

/** The domain whose traffic a diversion moves: what people type to confirm it. */
export function movedDomain(diversion: Diversion): string {
  return diversion.laneB.domain;
}
