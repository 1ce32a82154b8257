'use client';

import { useEffect, useState } from 'react';
import { useServerTime } from './time';

/**
 * Returns the current time in epoch ms, updated every `everyMs`. Until hydration it is the time of the server's render,
 * which avoids layout shifts; null if that is unknown.
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
