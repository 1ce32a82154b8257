import 'server-only';
import type { ObjectState } from '@/lib/estate/object';
import type { Watched } from './find-drift';

/** A drifted object with its found state. */
export type Drifted = Watched & { readonly found: ObjectState };

/** Returns the objects that differ from their expected state. */
export function listDrifted(watched: readonly Watched[]): readonly Drifted[] {
  return watched.flatMap((each) =>
    each.comparison.kind === 'drifted' ? [{ ...each, found: each.comparison.found }] : [],
  );
}
