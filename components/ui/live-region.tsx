'use client';

import { useEffect, useRef, useState } from 'react';

/** At most one message in this time, so that screen readers can keep up. */
const quietMs = 10_000;

/**
 * Announces `message` politely when it changes, at most once in 10 s; of several changes in between, only the latest is
 * announced. One per page. Do not use it for failures: give them `role="alert"` (Banner tone `bad`).
 */
export function LiveRegion({ message }: { readonly message: string }) {
  const [said, setSaid] = useState('');
  const last = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    const wait = Math.max(0, last.current + quietMs - performance.now());
    const timer = setTimeout(() => {
      last.current = performance.now();
      setSaid(message);
    }, wait);
    return () => clearTimeout(timer);
  }, [message]);
  return (
    <p aria-live="polite" className="sr-only">
      {said}
    </p>
  );
}
