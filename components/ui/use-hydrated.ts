import { useSyncExternalStore } from 'react';

const never = () => () => {};

/** Returns whether the page is hydrated: false on the server and for the first rendering of what it sent. */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
