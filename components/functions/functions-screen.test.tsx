// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { NextIntlClientProvider } from 'next-intl';
import { useState } from 'react';
import { afterEach, expect, it } from 'vitest';
import type { FunctionsView } from '@/lib/client/function-views';
import { summarizeFunctions } from '@/lib/estate/functions/function-use';
import { messages } from '@/lib/messages/messages';
import { RunId } from '@/lib/run/model/run-id';
import { testBound, testEstate, testFunction, testRule } from '@/testing/plan/test-estate';
import { FunctionsBody } from './functions-screen';
import { parseFunctionsState } from './functions-state';

const estate = testEstate({
  functions: [testFunction(), testFunction({ name: 'spare' }), testFunction({ name: 'left' })],
  rules: [testRule('loc-1', 'lb-scf', 'flash.example.co.id', { functions: [testBound] })],
});
const leftBy = { runId: RunId.parse('R-0003'), at: '2026-12-11T14:00:00.000Z' };
const view = (more: Partial<FunctionsView> = {}): FunctionsView => ({
  takenAt: estate.takenAt,
  regions: estate.regions,
  gaps: [],
  functions: summarizeFunctions(estate).map((fn) => ({ ...fn, leftBy: fn.name === 'left' ? leftBy : null })),
  ...more,
});

function Page({ shown, start, isStale }: { shown: FunctionsView; start: string; isStale: boolean }) {
  const [state, setState] = useState(() => parseFunctionsState(new URLSearchParams(start)));
  return (
    <FunctionsBody
      view={shown}
      counts={counts}
      connectionId="test"
      state={state}
      onChange={(part) => setState((known) => ({ ...known, ...part }))}
      isStale={isStale}
    />
  );
}

const counts = {
  state: 'done' as const,
  readAt: estate.takenAt,
  error: null,
  content: [{ region: 'ap-singapore', namespace: 'flash', name: 'storefront', calls: 1200, errors: 3 }],
};

function show(start = '', shown = view(), isStale = false) {
  render(
    <NextIntlClientProvider locale="en" timeZone="UTC" messages={messages}>
      <QueryClientProvider client={new QueryClient()}>
        <Page shown={shown} start={start} isStale={isStale} />
      </QueryClientProvider>
    </NextIntlClientProvider>,
  );
}

afterEach(cleanup);

const rowTexts = async (count: number) => {
  const rows = () =>
    within(screen.getByRole('table', { name: 'Functions' }))
      .getAllByRole('row')
      .slice(1);
  await waitFor(() => expect(rows()).toHaveLength(count));
  return rows().map((row) => row.textContent);
};

it('shows each function with its use, and a link to its page', async () => {
  show();
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

it('says how many a filter hides, and clears it', async () => {
  show('q=nothing');
  expect(screen.getByText('3 functions are hidden by the filter.')).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Clear filter' }));
  expect(await rowTexts(3)).toHaveLength(3);
});

it('says what could not be read, and that a refresh has failed', () => {
  show('', view({ functions: [], gaps: [{ part: 'functions of ap-jakarta', reason: 'denied' }] }), true);
  expect(screen.getByText(/One part could not be read/)).toBeTruthy();
  expect(screen.getByRole('alert').textContent).toContain('Retrying automatically');
  expect(screen.getByText('This account has no functions in the synced regions')).toBeTruthy();
});
