'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, use, useMemo, useState } from 'react';
import { emergencyStopQuery, queryKeys } from '@/lib/client/queries';
import type {
  ClearEmergencyStopAction,
  EmergencyStopStatusView,
  EmergencyStopView,
  SetEmergencyStopAction,
  StopLogEntry,
} from '@/lib/contract/schedule';

/** `stop` null: changes are not paused, or the state is unknown. */
type EmergencyStop = {
  /** False if the last read failed: the state is that of the last successful read. */
  readonly isKnown: boolean;
  readonly stop: EmergencyStopView | null;
  readonly log: readonly StopLogEntry[];
  readonly pauseChanges: SetEmergencyStopAction;
  readonly resumeChanges: ClearEmergencyStopAction;
  /** The number of runs that this page has requested to pause; null = changes were not paused from here. */
  readonly paused: number | null;
  /** Stores that number after changes are paused, and reads everything again. */
  readonly onPaused: (count: number) => Promise<unknown>;
  /** Reads it again, with everything that depends on it. */
  readonly reread: () => Promise<unknown>;
};

const EmergencyStopContext = createContext<EmergencyStop | null>(null);

type EmergencyStopProviderProps = {
  /** The state that the server read for this page; null = it could not, and the browser fetches it. */
  readonly initial: EmergencyStopStatusView | null;
  readonly pauseChanges: SetEmergencyStopAction;
  readonly resumeChanges: ClearEmergencyStopAction;
  readonly children: ReactNode;
};

/** Provides on every page whether all changes are paused. */
export function EmergencyStopProvider({
  initial,
  pauseChanges,
  resumeChanges,
  children,
}: EmergencyStopProviderProps) {
  const client = useQueryClient();
  const { data, isError } = useQuery({
    ...emergencyStopQuery(),
    ...(initial === null ? {} : { initialData: initial }),
  });
  const [paused, setPaused] = useState<number | null>(null);
  // A value that changes without need would make React replace each part below it whose code is still loading.
  const value = useMemo((): EmergencyStop => {
    // The query key of the pause state is below that of the schedule.
    const reread = () => client.invalidateQueries({ queryKey: queryKeys.schedule() });
    return {
      isKnown: data !== undefined && !isError,
      stop: data?.stop ?? null,
      log: data?.log ?? [],
      pauseChanges,
      resumeChanges,
      paused,
      onPaused: (count) => {
        setPaused(count);
        return reread();
      },
      reread,
    };
  }, [client, data, isError, paused, pauseChanges, resumeChanges]);
  return <EmergencyStopContext value={value}>{children}</EmergencyStopContext>;
}

/** Returns the emergency stop for a page's components; null outside of the app's frame. */
export function useEmergencyStop(): EmergencyStop | null {
  return use(EmergencyStopContext);
}
