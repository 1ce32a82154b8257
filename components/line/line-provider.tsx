'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, use } from 'react';
import type { ReleaseLineAction, StopLineAction } from '@/lib/client/actions';
import { lineQuery, queryKeys } from '@/lib/client/queries';
import type { LineStopView, LineView, StopLogEntry } from '@/lib/client/views';

/** `stop` null: changes are not paused, or the state is not known yet. */
type Line = {
  readonly stop: LineStopView | null;
  readonly log: readonly StopLogEntry[];
  readonly stopLine: StopLineAction;
  readonly releaseLine: ReleaseLineAction;
  /** Reads it again, with everything that depends on it. */
  readonly reread: () => Promise<unknown>;
};

const LineContext = createContext<Line | null>(null);

type LineProviderProps = {
  /** The state that the server read for this page; null = it could not, and the browser fetches it. */
  readonly initial: LineView | null;
  readonly stopLine: StopLineAction;
  readonly releaseLine: ReleaseLineAction;
  readonly children: ReactNode;
};

/** Provides on every page whether all changes are paused. */
export function LineProvider({ initial, stopLine, releaseLine, children }: LineProviderProps) {
  const client = useQueryClient();
  const { data } = useQuery({ ...lineQuery(), ...(initial === null ? {} : { initialData: initial }) });
  // The query key of the pause state is below that of the schedule.
  const reread = () => client.invalidateQueries({ queryKey: queryKeys.schedule() });
  return (
    <LineContext value={{ stop: data?.stop ?? null, log: data?.log ?? [], stopLine, releaseLine, reread }}>
      {children}
    </LineContext>
  );
}

/** Returns the emergency stop for a page's components; null outside of the app's frame. */
export function useLine(): Line | null {
  return use(LineContext);
}
