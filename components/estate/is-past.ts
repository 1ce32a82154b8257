'use client';

import { createContext, useContext } from 'react';

const Past = createContext(false);

/** Wraps an estate that is not the newest one, so that nothing inside it describes actions for the current state. */
export const PastProvider = Past.Provider;

/** Returns whether a past state is shown. */
export function useIsPast(): boolean {
  return useContext(Past);
}
