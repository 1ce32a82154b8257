// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, expect, it } from 'vitest';
import { rowsPerPage } from './queries';
import { useRowWindow } from './use-row-window';

afterEach(cleanup);

/** Opens a list whose server answers with these pages. */
function open(pages: readonly (readonly string[])[]) {
  const client = new QueryClient();
  const wrapper = ({ children }: { readonly children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  return renderHook(
    () =>
      useRowWindow({
        count: 2 * rowsPerPage,
        page: (number) => ({ queryKey: ['rows', number], queryFn: async () => pages[number] ?? [] }),
        rows: (data) => data,
        rowKey: (row) => row,
      }),
    { wrapper },
  ).result;
}

const page = (from: number) => Array.from({ length: rowsPerPage }, (_, nth) => `row-${from + nth}`);

it('reads the visible pages, and returns the row at each index', async () => {
  const list = open([page(0), page(rowsPerPage)]);
  await waitFor(() => expect(list.current.rowAt(99)).toBe('row-99'));
  expect(list.current.rowAt(100)).toBeUndefined();
  act(() => list.current.onRange(90, 130));
  await waitFor(() => expect(list.current.rowAt(130)).toBe('row-130'));
  expect(list.current.rowAt(90)).toBe('row-90');
});

it('shows a row once after a sync has moved it to another page', async () => {
  const list = open([page(0), page(rowsPerPage - 1)]);
  act(() => list.current.onRange(90, 130));
  await waitFor(() => expect(list.current.rowAt(101)).toBe('row-100'));
  expect([99, 100].map(list.current.rowAt)).toEqual(['row-99', undefined]);
});
