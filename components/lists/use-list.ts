'use client';

import { type QueryKey, type UseQueryOptions, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useAddressState } from '@/components/shell/use-address-state';
import { useDebounced } from '@/components/ui/use-debounced';
import type { ListView } from '@/lib/contract/estate';
import type { ListQuery } from '@/lib/estate/list-query';

/** The debounce of a search. */
const searchMs = 150;

/** A list of a connection that the server filters, sorts and sends page by page. */
export type List<Query extends ListQuery, View extends ListView<unknown>, Key extends QueryKey> = {
  readonly connectionId: string;
  /** The filter and the order as displayed. */
  readonly query: Query;
  readonly onChange: (part: Partial<Query>) => void;
  /** Builds the query for one page of rows, from 0. The search is debounced while typing. */
  readonly page: (number: number) => UseQueryOptions<View | null, Error, View | null, Key>;
  /** The first page: null if the account was never synced, undefined until it is loaded. */
  readonly view: View | null | undefined;
  /** True if the last live read failed, so the data shown may be stale. */
  readonly isError: boolean;
};

type ListSource<Query extends ListQuery, View extends ListView<unknown>, Key extends QueryKey> = {
  /** Parses the query from an address; must be the same function each time, like `write`. */
  readonly parse: (params: URLSearchParams) => Query;
  readonly write: (params: URLSearchParams, query: Query) => URLSearchParams;
  readonly read: (
    connectionId: string,
    asked: URLSearchParams,
    page: number,
  ) => UseQueryOptions<View | null, Error, View | null, Key>;
};

/** Provides a list whose filter and order are kept in the address. */
export function useList<Query extends ListQuery, View extends ListView<unknown>, Key extends QueryKey>(
  connectionId: string,
  { parse, write, read }: ListSource<Query, View, Key>,
): List<Query, View, Key> {
  const [query, onChange] = useAddressState(parse, write);
  const search = useDebounced(query.search, searchMs);
  const asked = useMemo(() => write(new URLSearchParams(), { ...query, search }), [write, query, search]);
  const page = (number: number) => read(connectionId, asked, number);
  const { data: view, isError } = useQuery(page(0));
  return { connectionId, query, onChange, page, view, isError };
}
