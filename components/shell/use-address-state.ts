'use client';

import { useSearchParams } from 'next/navigation';
import { useCallback, useEffect, useState } from 'react';

const address = () => new URLSearchParams(window.location.search);

/**
 * How a page is looked at, kept in the address too, so that a view can be sent to someone. Changes show at once, replace
 * the entry in the history and ask nothing of the server.
 * @param parse reads the state from an address; what is missing or odd gets the default. The same function each time.
 * @param write writes it next to what else stands there. The same function each time.
 */
export function useAddressState<T>(
  parse: (params: URLSearchParams) => T,
  write: (params: URLSearchParams, state: T) => URLSearchParams,
): readonly [T, (change: Partial<T>) => void] {
  const params = useSearchParams();
  const [state, setState] = useState(() => parse(new URLSearchParams(params.toString())));

  // The parameters follow the address in their own time, behind a fast typist, so they only tell that it has changed,
  // by a link for instance. What it is now stands in the address itself.
  const [seen, setSeen] = useState(params);
  useEffect(() => {
    if (seen === params) return;
    setSeen(params);
    const text = (of: T) => write(new URLSearchParams(), of).toString();
    setState((known) => (text(known) === text(parse(address())) ? known : parse(address())));
  }, [params, seen, parse, write]);

  const change = useCallback(
    (part: Partial<T>) => {
      // From the address, not from the last render: two changes in a row must both count.
      const next = { ...parse(address()), ...part };
      window.history.replaceState(null, '', `?${write(address(), next)}`);
      setState(next);
    },
    [parse, write],
  );
  return [state, change];
}
