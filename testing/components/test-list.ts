import { screen, waitFor, within } from '@testing-library/react';
import { expect, vi } from 'vitest';
import { parseRead } from './parse-read';

type TestList<Row, Rest> = {
  readonly all: readonly Row[];
  /** Returns the rows for the parameters of an address, in order. */
  readonly find: (all: readonly Row[], params: URLSearchParams) => readonly Row[];
  /** The other fields of each response. */
  readonly rest: Rest;
};

/**
 * Answers requests for pages of a list as the server does, until `vi.unstubAllGlobals`.
 * @returns the queries of the requests so far
 */
export function serveList<Row, Rest extends object>({
  all,
  find,
  rest,
}: TestList<Row, Rest>): readonly string[] {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (address: string) => {
    const { query } = parseRead<'binding.list' | 'function.list'>(address).input;
    asked.push(query);
    const params = new URLSearchParams(query);
    const found = find(all, params);
    const from = Number(params.get('offset'));
    const rows = found.slice(from, from + Number(params.get('limit')));
    return Response.json({ ...rest, rows, found: found.length, total: all.length });
  });
  return asked;
}

/** Returns the rendered rows of a table without its head. */
export const tableRows = (name: string): readonly HTMLElement[] =>
  within(screen.getByRole('table', { name })).getAllByRole('row').slice(1);

/** Waits until a list has loaded its visible rows, and returns them. */
export async function findListRows(name: string, count: number): Promise<readonly HTMLElement[]> {
  await waitFor(() => {
    expect(tableRows(name)).toHaveLength(count);
    expect(screen.queryByText('Loading')).toBeNull();
  });
  return tableRows(name);
}
