'use client';

import { useEffect, useState } from 'react';
import { useServerTime } from './time';

/**
 * Returns the current time in epoch ms, updated every `everyMs`. Until the browser has taken over from the server it is the
 * time of the server's render, so that nothing appears late and moves the page; null where that is not known.
 */
export function useNow(everyMs: number): number | null {
  const serverTime = useServerTime();
  const [now, setNow] = useState(serverTime);
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
