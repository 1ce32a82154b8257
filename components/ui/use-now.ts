'use client';

import { useEffect, useState } from 'react';

/**
 * Returns the current time in epoch ms, updated every `everyMs`; null until the browser has taken over from the server.
 */
export function useNow(everyMs: number): number | null {
  const [now, setNow] = useState<number | null>(null);
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
