'use client';

import { useQuery } from '@tanstack/react-query';
import { createContext, type ReactNode, use } from 'react';
import { railQuery } from '@/lib/client/queries';
import type { RailView } from '@/lib/client/views';

const RailContext = createContext<RailView | null>(null);

type RailCountsProps = {
  /** The counts that the server read for this page; null = it could not, and the browser fetches them. */
  readonly initial: RailView | null;
  readonly children: ReactNode;
};

/** Provides on every page the counts of what needs attention, for the entries of the navigation. */
export function RailCounts({ initial, children }: RailCountsProps) {
  const { data } = useQuery({ ...railQuery(), ...(initial === null ? {} : { initialData: initial }) });
  return <RailContext value={data ?? null}>{children}</RailContext>;
}

/** Returns the counts; null = unknown. */
export function useRailCounts(): RailView | null {
  return use(RailContext);
}
