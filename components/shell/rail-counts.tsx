'use client';

import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { findStatus } from '@/lib/client/fetch-json';
import { railQuery } from '@/lib/client/queries';
import type { RailView } from '@/lib/contract/overview';

/** The last read of what every page shows has failed. */
type ReadFailure = {
  /** The dashboard's status; null if it does not respond. */
  readonly status: number | null;
  /** Epoch ms of the last successful read; null = there was none. */
  readonly readAt: number | null;
};

type RailCountsProps = {
  /** The counts that the server read for this page; null = it could not, and the browser fetches them. */
  readonly initial: RailView | null;
  readonly children: ReactNode;
};

/**
 * Polls on every page the counts of what needs attention, for the entries of the navigation. Others read them from the
 * cache: a context that changes would make React replace each part below it whose code is still loading.
 */
export function RailCounts({ initial, children }: RailCountsProps) {
  useQuery({ ...railQuery(), ...(initial === null ? {} : { initialData: initial }) });
  return children;
}

/** Reads the cache alone: `RailCounts` polls. */
const cachedRail = () => ({ ...railQuery(), enabled: false });

/** Returns the counts; null = unknown. */
export function useRailCounts(): RailView | null {
  return useQuery(cachedRail()).data ?? null;
}

/**
 * Returns why the counts can't be read now; null = they can. Every page polls them, so a failure shows on every page.
 */
export function useReadFailure(): ReadFailure | null {
  const rail = useQuery(cachedRail());
  if (!rail.isError) return null;
  const { error, dataUpdatedAt } = rail;
  return { status: findStatus(error), readAt: dataUpdatedAt === 0 ? null : dataUpdatedAt };
}
