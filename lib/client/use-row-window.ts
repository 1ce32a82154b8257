'use client';

import { type QueryKey, type UseQueryOptions, useQueries } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { rowsPerPage } from './queries';

type RowWindow<Data, Row, Key extends QueryKey> = {
  /** The number of all rows. */
  readonly count: number;
  /** Builds the query for one page of rows, from 0. */
  readonly page: (number: number) => UseQueryOptions<Data, Error, Data, Key>;
  readonly rows: (data: Data) => readonly Row[];
  readonly rowKey: (row: Row) => string;
};

/**
 * Reads the rows of a long list page by page: only those on the screen.
 * @returns `onRange` for the list's `VirtualRows`, and the row at an index, undefined until its page has been read. Two
 * pages may be of two snapshots, between which a row moved from one to the other: it is shown once, on the first.
 */
export function useRowWindow<Data, Row, Key extends QueryKey>({
  count,
  page,
  rows,
  rowKey,
}: RowWindow<Data, Row, Key>) {
  const [range, setRange] = useState({ from: 0, to: 0 });
  const onRange = useCallback((from: number, to: number) => setRange({ from, to }), []);
  const first = Math.floor(range.from / rowsPerPage);
  const last = Math.floor(Math.min(range.to, Math.max(0, count - 1)) / rowsPerPage);
  const numbers = Array.from({ length: Math.max(0, last - first) + 1 }, (_, nth) => first + nth);
  const pages = useQueries({ queries: numbers.map(page) });
  const shown = new Map<number, Row>();
  const keys = new Set<string>();
  pages.forEach(({ data, isPlaceholderData }, nth) => {
    // Rows of another page or order are not shown in place of those that are read.
    if (data === undefined || isPlaceholderData) return;
    rows(data).forEach((row, place) => {
      const key = rowKey(row);
      if (!keys.has(key)) shown.set((first + nth) * rowsPerPage + place, row);
      keys.add(key);
    });
  });
  const rowAt = (index: number): Row | undefined => shown.get(index);
  return { onRange, rowAt };
}
