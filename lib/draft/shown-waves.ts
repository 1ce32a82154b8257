import { toPlainName } from '@/lib/diversion/plain-name';
import type { Draft, DraftSide, WaveDraft } from './draft';

/** The proposed bake between two waves, in seconds. Our own choice. */
export const waveBakeS = 300;

/** Returns the waves as they are shown: a single domain is one wave. */
export function shownWaves({ waves, routes }: Pick<Draft, 'waves' | 'routes'>): readonly WaveDraft[] {
  const domain = toPlainName(routes[0]?.domain ?? '');
  if (waves.length > 0 || domain === '') return waves;
  return [{ names: [domain], bakeS: waveBakeS }];
}

/** Returns the draft in which a name gets routes like those of the first one. */
export function dropOwnRoutes(draft: Draft, name: string): Draft {
  return { ...draft, ownRoutes: draft.ownRoutes.filter(({ domain }) => domain !== name) };
}

/** The facts of the estate about a name of a draft. */
export type NameFacts = {
  readonly name: string;
  /** The name's zone; null = it is in no zone of the account. */
  readonly zone: string | null;
  /** The load balancer that serves the name now, and what answers behind it; null = none of the estate's. */
  readonly servedBy: { readonly loadBalancer: string; readonly backend: DraftSide } | null;
  /** The load balancer that serves the name has no listener like that of the first name; null = it has. */
  readonly lacksListenerOn: string | null;
};
