'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, use } from 'react';
import type { ClearEmergencyStopAction, SetEmergencyStopAction } from '@/lib/client/actions';
import { lineQuery, queryKeys } from '@/lib/client/queries';
import type { EmergencyStopStatusView, EmergencyStopView, StopLogEntry } from '@/lib/client/views';

/** `stop` null: changes are not paused, or the state is not known yet. */
type Line = {
  readonly stop: EmergencyStopView | null;
  readonly log: readonly StopLogEntry[];
  readonly stopLine: SetEmergencyStopAction;
  readonly releaseLine: ClearEmergencyStopAction;
  /** Reads it again, with everything that depends on it. */
  readonly reread: () => Promise<unknown>;
};

const LineContext = createContext<Line | null>(null);

type LineProviderProps = {
  /** The state that the server read for this page; null = it could not, and the browser fetches it. */
  readonly initial: EmergencyStopStatusView | null;
  readonly stopLine: SetEmergencyStopAction;
  readonly releaseLine: ClearEmergencyStopAction;
  readonly children: ReactNode;
};

/** Provides on every page whether all changes are paused. */
export function EmergencyStopProvider({ initial, stopLine, releaseLine, children }: LineProviderProps) {
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
