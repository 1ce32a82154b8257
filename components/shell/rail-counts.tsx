'use client';

import { useQuery } from '@tanstack/react-query';
import { createContext, type ReactNode, use } from 'react';
import { railQuery } from '@/lib/client/queries';
import type { RailView } from '@/lib/client/views';

const RailContext = createContext<RailView | null>(null);

type RailCountsProps = {
  /** As the server read it for this page; null = it could not, and the browser asks. */
  readonly initial: RailView | null;
  readonly children: ReactNode;
};

/** Knows on every page what waits for a person behind the entries of the navigation. */
export function RailCounts({ initial, children }: RailCountsProps) {
  const { data } = useQuery({ ...railQuery(), ...(initial === null ? {} : { initialData: initial }) });
  return <RailContext value={data ?? null}>{children}</RailContext>;
}

/** The counts; null = not known. */
export function useRailCounts(): RailView | null {
  return use(RailContext);
}
