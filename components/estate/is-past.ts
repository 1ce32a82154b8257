'use client';

import { createContext, useContext } from 'react';

const Past = createContext(false);

/** Wraps an estate that is not the newest one: nothing inside it explains how to do something now. */
export const PastProvider = Past.Provider;

/** Returns whether a past state is shown. */
export function useIsPast(): boolean {
  return useContext(Past);
}
