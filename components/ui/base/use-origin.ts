import { useSyncExternalStore } from 'react';

const never = () => () => {};

/** Returns the address at which this page is open, as an origin; null on the server, which does not know it. */
export function useOrigin(): string | null {
  return useSyncExternalStore(
    never,
    () => location.origin,
    () => null,
  );
}
