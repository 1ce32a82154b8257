'use client';

import { createContext, useContext } from 'react';

const Past = createContext(false);

/** Around an estate that is not the newest one: nothing there says how to do something now. */
export const PastProvider = Past.Provider;

/** Whether what is shown is the past. */
export function useIsPast(): boolean {
  return useContext(Past);
}
