'use client';

import { useEffect, useRef, useState } from 'react';

/**
 * Provides an action that waits until the last change of a draft is checked.
 * @param act called once that is so
 */
export function useWhenChecked(isCurrent: boolean, act: () => void) {
  const [isAsked, ask] = useState(false);
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    if (!isAsked || !isCurrent) return;
    ask(false);
    latest.current();
  }, [isAsked, isCurrent]);
  return { isAsked, ask: () => ask(true), forget: () => ask(false) };
}
