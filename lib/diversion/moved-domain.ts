import type { SplitDiversion } from './split';

/** The domain whose traffic a diversion moves: what people type to confirm it. */
export function movedDomain(diversion: SplitDiversion): string {
  return diversion.laneB.domain;
}
