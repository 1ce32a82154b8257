'use client';

import { useSearchParams } from 'next/navigation';
import { useCallback } from 'react';
import { type EstateViewState, parseViewState, writeViewState } from './view-state';

/** The view in the address. Changes replace the entry in the history and ask nothing of the server. */
export function useViewState(): readonly [EstateViewState, (change: Partial<EstateViewState>) => void] {
  const state = parseViewState(new URLSearchParams(useSearchParams().toString()));
  const change = useCallback((part: Partial<EstateViewState>) => {
    // From the address itself, not from the last render: two changes in a row must both count.
    const query = new URLSearchParams(window.location.search);
    const next = writeViewState(query, { ...parseViewState(query), ...part });
    window.history.replaceState(null, '', `?${next}`);
  }, []);
  return [state, change];
}
