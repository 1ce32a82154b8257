'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, use } from 'react';
import type { ReleaseLineAction, StopLineAction } from '@/lib/client/actions';
import { lineQuery, queryKeys } from '@/lib/client/queries';
import type { LineStopView, LineView, StopLogEntry } from '@/lib/client/views';

/** `stop` null: changes are not paused, or nobody knows yet. */
type Line = {
  readonly stop: LineStopView | null;
  readonly log: readonly StopLogEntry[];
  readonly stopLine: StopLineAction;
  readonly releaseLine: ReleaseLineAction;
  /** Reads it anew, with what depends on it. */
  readonly reread: () => Promise<unknown>;
};

const LineContext = createContext<Line | null>(null);

type LineProviderProps = {
  /** As the server read it for this page; null = it could not, and the browser asks. */
  readonly initial: LineView | null;
  readonly stopLine: StopLineAction;
  readonly releaseLine: ReleaseLineAction;
  readonly children: ReactNode;
};

/** Knows on every page whether all changes are paused. */
export function LineProvider({ initial, stopLine, releaseLine, children }: LineProviderProps) {
  const client = useQueryClient();
  const { data } = useQuery({ ...lineQuery(), ...(initial === null ? {} : { initialData: initial }) });
  // The line lies below the schedule.
  const reread = () => client.invalidateQueries({ queryKey: queryKeys.schedule() });
  return (
    <LineContext value={{ stop: data?.stop ?? null, log: data?.log ?? [], stopLine, releaseLine, reread }}>
      {children}
    </LineContext>
  );
}

/** The emergency stop, for what stands on a page; null outside of the app's frame. */
export function useLine(): Line | null {
  return use(LineContext);
}
