// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import type { FunctionsView } from '@/lib/contract/function';
import {
  findFunctions,
  type ListedFunction,
  parseFunctionQuery,
} from '@/lib/estate/functions/function-query';
import { summarizeFunctions } from '@/lib/estate/functions/function-use';
import { invariant } from '@/lib/invariant';
import { RunId } from '@/lib/run/model/run-id';
import { findListRows, serveList } from '@/testing/components/test-list';
import { renderPage } from '@/testing/components/test-page';
import { testBound, testEstate, testFunction, testRule } from '@/testing/plan/test-estate';
import { FunctionsList, useFunctions } from './functions-list';

const estate = testEstate({
  functions: [testFunction(), testFunction({ name: 'spare' }), testFunction({ name: 'left' })],
  rules: [testRule('loc-1', 'lb-scf', 'flash.example.co.id', { functions: [testBound] })],
});
const leftBy = { runId: RunId.parse('R-0003'), at: '2026-12-11T14:00:00.000Z' };
const all = summarizeFunctions(estate).map(
  (fn): ListedFunction<RunId> => ({
    ...fn,
    leftBy: fn.name === 'left' ? leftBy : null,
    ...(fn.name === 'storefront' ? { calls: 1200, errors: 3 } : { calls: null, errors: null }),
  }),
);

function Page({ isStale }: { readonly isStale: boolean }) {
  const list = useFunctions('test');
  return list.view ? <FunctionsList list={{ ...list, isError: isStale }} view={list.view} /> : null;
}

type Shown = {
  readonly start?: string;
  readonly functions?: readonly ListedFunction<RunId>[];
  readonly gaps?: FunctionsView['gaps'];
  readonly isStale?: boolean;
};

/** Opens the list at an address; returns the parameters of the pages that it reads. */
async function show({ start = '', functions = all, gaps = [], isStale = false }: Shown = {}) {
  const { takenAt, regions } = estate;
  const rest: Omit<FunctionsView, 'rows' | 'found' | 'total'> = {
    takenAt,
    regions,
    namespaces: ['flash'],
    gaps,
    counts: { state: 'done', error: null },
  };
  const find = (listed: readonly ListedFunction<RunId>[], params: URLSearchParams) =>
    findFunctions(listed, parseFunctionQuery(params));
  const asked = serveList({ all: functions, find, rest });
  window.history.replaceState(null, '', `/functions?${start}`);
  renderPage(<Page isStale={isStale} />);
  await screen.findByText(/ of .* functions?$/);
  return asked;
}

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const rowTexts = async (count: number) =>
  (await findListRows('Functions', count)).map((row) => row.textContent);

it('shows each function with its use, and a link to its page', async () => {
  await show();
  const texts = await rowTexts(3);
  expect(texts).toEqual([
    expect.stringMatching(/^leftflash.*Left by R-0003/),
    expect.stringMatching(/^spareflash.*UnusedNo dataNo data/),
    expect.stringMatching(/^storefrontflash.*1 rule1,2003/),
  ]);
  expect(screen.getByRole('link', { name: 'spare' }).getAttribute('href')).toBe(
    '/functions/test/ap-singapore/flash/spare',
  );
});

it('shows how many a filter hides, and clears it', async () => {
  await show({ start: 'q=nothing' });
  expect(screen.getByText('3 functions are hidden by the filter.')).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Clear filter' }));
  expect(await rowTexts(3)).toHaveLength(3);
});

it('reads and renders only the visible rows of thousands, and counts all of them', async () => {
  const [one] = all;
  invariant(one !== undefined, 'the estate has functions');
  const asked = await show({
    functions: Array.from({ length: 5000 }, (_, n) => ({ ...one, name: `fn-${n}` })),
  });
  await waitFor(() => expect(screen.getAllByRole('row').length).toBeGreaterThan(10));
  expect(screen.getAllByRole('row').length).toBeLessThan(100);
  expect(screen.getByRole('table', { name: 'Functions' }).getAttribute('aria-rowcount')).toBe('5001');
  expect(screen.getByText('5,000 of 5,000 functions')).toBeTruthy();
  expect(asked.length).toBeGreaterThan(0);
  for (const search of asked) expect(search).toContain('limit=100');
});

it('lists unread parts, and reports a failed refresh', async () => {
  await show({
    functions: [],
    gaps: [{ part: 'functions of ap-jakarta', reason: 'denied' }],
    isStale: true,
  });
  expect(screen.getByText(/One part could not be read/)).toBeTruthy();
  expect(screen.getByRole('alert').textContent).toContain('Retrying automatically');
  expect(screen.getByText('This account has no functions in the synced regions')).toBeTruthy();
});
