'use client';

import { useSearchParams } from 'next/navigation';
import { useCallback, useEffect, useState } from 'react';
import { type EstateViewState, parseViewState, sameViewState, writeViewState } from './view-state';

const inAddress = () => parseViewState(new URLSearchParams(window.location.search));

/**
 * The view, kept in the address too. Changes show at once, replace the entry in the history and ask nothing of the
 * server.
 */
export function useViewState(): readonly [EstateViewState, (change: Partial<EstateViewState>) => void] {
  const params = useSearchParams();
  const [state, setState] = useState(() => parseViewState(new URLSearchParams(params.toString())));

  // The parameters follow the address in their own time, behind a fast typist, so they only tell that it has changed,
  // by a link for instance. What it is now stands in the address itself.
  const [seen, setSeen] = useState(params);
  useEffect(() => {
    if (seen === params) return;
    setSeen(params);
    setState((known) => (sameViewState(known, inAddress()) ? known : inAddress()));
  }, [params, seen]);

  const change = useCallback((part: Partial<EstateViewState>) => {
    // From the address, not from the last render: two changes in a row must both count.
    const next = { ...inAddress(), ...part };
    window.history.replaceState(
      null,
      '',
      `?${writeViewState(new URLSearchParams(window.location.search), next)}`,
    );
    setState(next);
  }, []);
  return [state, change];
}
