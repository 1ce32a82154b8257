'use client';

import { replaceEqualDeep } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import { useCallback, useEffect, useState } from 'react';

const address = () => new URLSearchParams(window.location.search);

/**
 * Provides the view of a page, also kept in the address so that it can be shared. Changes show at once and send no
 * request to the server.
 * @param parse parses the state from an address; missing or invalid values get the default. Must be the same function
 * each time.
 * @param write writes it and keeps the other parameters. Must be the same function each time.
 * @param entry the effect of a change on the history: `replace` keeps its one entry, `push` lets Back undo the change
 */
export function useAddressState<T>(
  parse: (params: URLSearchParams) => T,
  write: (params: URLSearchParams, state: T) => URLSearchParams,
  entry: 'replace' | 'push' = 'replace',
): readonly [T, (change: Partial<T>) => void] {
  const params = useSearchParams();
  const [state, setState] = useState(() => parse(new URLSearchParams(params.toString())));

  // The parameters lag behind the address when someone types fast, and after a reload Back may wait for the server.
  // They only signal that the address has changed, by a link for instance. The current state is in the address itself.
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
      // Reads the address, not the last render: two changes in a row must both count.
      const next = { ...parse(address()), ...part };
      const query = write(address(), next).toString();
      // For example Escape, where nothing is selected.
      if (query === address().toString()) return;
      if (entry === 'push') window.history.pushState(null, '', `?${query}`);
      else window.history.replaceState(null, '', `?${query}`);
      // Unchanged parts keep their identity, so that components that show only them don't render again.
      setState((known) => replaceEqualDeep(known, next));
    },
    [parse, write, entry],
  );
  return [state, change];
}

/** Provides one text of a page's view, kept in a parameter of the address; '' = it has none. */
export function useAddressText(name: string): readonly [string, (text: string) => void] {
  const parse = useCallback((params: URLSearchParams) => ({ text: params.get(name) ?? '' }), [name]);
  const write = useCallback(
    (params: URLSearchParams, { text }: { readonly text: string }) => {
      const next = new URLSearchParams(params);
      if (text === '') next.delete(name);
      else next.set(name, text);
      return next;
    },
    [name],
  );
  const [{ text }, change] = useAddressState(parse, write);
  return [text, (next) => change({ text: next })];
}
