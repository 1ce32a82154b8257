'use client';

import { useSearchParams } from 'next/navigation';
import { useCallback, useEffect, useState } from 'react';

const address = () => new URLSearchParams(window.location.search);

/**
 * How a page is looked at, kept in the address too, so that a view can be sent to someone. Changes show at once and ask
 * nothing of the server.
 * @param parse reads the state from an address; what is missing or odd gets the default. The same function each time.
 * @param write writes it next to what else stands there. The same function each time.
 * @param entry what a change makes of the history: `replace` keeps its one entry, `push` lets Back undo the change
 */
export function useAddressState<T>(
  parse: (params: URLSearchParams) => T,
  write: (params: URLSearchParams, state: T) => URLSearchParams,
  entry: 'replace' | 'push' = 'replace',
): readonly [T, (change: Partial<T>) => void] {
  const params = useSearchParams();
  const [state, setState] = useState(() => parse(new URLSearchParams(params.toString())));

  // The parameters follow the address in their own time, behind a fast typist, and after a reload Back may wait for the
  // server: they only tell that it has changed, by a link for instance. What it is now stands in the address itself.
  const follow = useCallback(() => {
    const text = (of: T) => write(new URLSearchParams(), of).toString();
    setState((known) => (text(known) === text(parse(address())) ? known : parse(address())));
  }, [parse, write]);
  useEffect(() => {
    window.addEventListener('popstate', follow);
    return () => window.removeEventListener('popstate', follow);
  }, [follow]);
  const [seen, setSeen] = useState(params);
  useEffect(() => {
    if (seen === params) return;
    setSeen(params);
    follow();
  }, [params, seen, follow]);

  const change = useCallback(
    (part: Partial<T>) => {
      // From the address, not from the last render: two changes in a row must both count.
      const next = { ...parse(address()), ...part };
      const there = `?${write(address(), next)}`;
      if (entry === 'push') window.history.pushState(null, '', there);
      else window.history.replaceState(null, '', there);
      setState(next);
    },
    [parse, write, entry],
  );
  return [state, change];
}
