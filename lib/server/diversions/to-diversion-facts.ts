import type { DiversionFacts, RevisionView, SeriesView } from '@/lib/contract/diversion';
import type { diversions } from '@/lib/db/schema';
import { findCurrent, getDiversionState, listAttention } from '@/lib/run/model/diversion-state';

/**
 * Returns a stored diversion with its state and its open tasks.
 * @param revisions its plans, newest first
 */
export function toDiversionFacts(
  row: typeof diversions.$inferSelect,
  revisions: readonly RevisionView[],
  series: SeriesView | null,
): DiversionFacts {
  const { id, kind, name, domains, owner, createdAt, createdBy, discardedAt, discardedBy } = row;
  const isDiscarded = discardedAt !== null;
  return {
    id,
    kind,
    name,
    domains,
    owner,
    createdBy,
    createdAt: createdAt.toISOString(),
    discarded: isDiscarded ? { at: discardedAt.toISOString(), by: discardedBy ?? '' } : null,
    state: getDiversionState(revisions, isDiscarded),
    attention: listAttention(revisions, {
      isDiscarded,
      isUnscheduled: series?.kind === 'occurrence' && series.problems.length > 0,
    }),
    newest: revisions[0] ?? null,
    current: revisions[findCurrent(revisions)] ?? null,
    series,
  };
}
