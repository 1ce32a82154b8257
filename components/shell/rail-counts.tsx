'use client';

import { useQuery } from '@tanstack/react-query';
import { createContext, type ReactNode, use } from 'react';
import { isAnswered } from '@/lib/client/fetch-json';
import { railQuery } from '@/lib/client/queries';
import type { RailView } from '@/lib/client/views';

/** The last read of what every page shows has failed. */
type ReadFailure = {
  /** True if the dashboard responds but can't read its data. */
  readonly isAnswered: boolean;
  /** Epoch ms of the last successful read; null = there was none. */
  readonly readAt: number | null;
};

type Rail = { readonly counts: RailView | null; readonly failure: ReadFailure | null };

const RailContext = createContext<Rail>({ counts: null, failure: null });

type RailCountsProps = {
  /** The counts that the server read for this page; null = it could not, and the browser fetches them. */
  readonly initial: RailView | null;
  readonly children: ReactNode;
};

/** Provides on every page the counts of what needs attention, for the entries of the navigation. */
export function RailCounts({ initial, children }: RailCountsProps) {
  const { data, isError, error, dataUpdatedAt } = useQuery({
    ...railQuery(),
    ...(initial === null ? {} : { initialData: initial }),
  });
  const failure = isError
    ? { isAnswered: isAnswered(error), readAt: dataUpdatedAt === 0 ? null : dataUpdatedAt }
    : null;
  return <RailContext value={{ counts: data ?? null, failure }}>{children}</RailContext>;
}

/** Returns the counts; null = unknown. */
export function useRailCounts(): RailView | null {
  return use(RailContext).counts;
}

/**
 * Returns why the counts can't be read now; null = they can. Every page polls them, so a failure shows on every page.
 */
export function useReadFailure(): ReadFailure | null {
  return use(RailContext).failure;
}
