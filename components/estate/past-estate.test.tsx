// @vitest-environment happy-dom
// The page loads it on demand: here it is there at once.
import './detail-panel';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, configure, fireEvent, render, screen } from '@testing-library/react';
import { NextIntlClientProvider } from 'next-intl';
import { afterEach, expect, it, vi } from 'vitest';
import { queryKeys } from '@/lib/client/queries';
import type { ConnectionView } from '@/lib/contract/connection';
import type { PastEstateView } from '@/lib/contract/estate';
import { summarizeEstate } from '@/lib/estate/topology/summarize-estate';
import { messages } from '@/lib/messages/messages';
import { testTopologyEstate } from '@/testing/components/test-estate';
import { serveEstate } from '@/testing/components/test-estate-server';
import { PastEstate } from './past-estate';
import { parseViewState } from './view-state';

const sandbox: ConnectionView = {
  ...({ id: 'sandbox', name: 'niaga', kind: 'sandbox', uin: '1', portOffset: 0, isolation: 'jail' } as const),
};
const at = '2026-11-24T14:07:00.000Z';
const past: PastEstateView = {
  estate: summarizeEstate(testTopologyEstate),
  firstAt: '2026-11-24T14:00:00.000Z',
  lastAt: '2026-11-24T14:05:00.000Z',
  nextAt: '2026-11-24T14:10:00.000Z',
};

function show(answer: PastEstateView | null, node: string | null = null) {
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } } });
  client.setQueryData(queryKeys.pastEstate('sandbox', at), answer);
  serveEstate(testTopologyEstate);
  const onChange = vi.fn();
  const state = { ...parseViewState(new URLSearchParams({ view: 'list', at, zone: 'Asia/Jakarta' })), node };
  render(
    <NextIntlClientProvider locale="en" timeZone="UTC" messages={messages}>
      <QueryClientProvider client={client}>
        <PastEstate connection={sandbox} at={at} state={state} onChange={onChange} />
      </QueryClientProvider>
    </NextIntlClientProvider>,
  );
  return onChange;
}
// A timeout for a hang, not a performance limit.
configure({ asyncUtilTimeout: 20_000 });

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

it('is marked as past, with the syncs it comes from', async () => {
  const onChange = show(past);
  const text = document.body.textContent ?? '';
  expect(text).toMatch(/You are viewing the estate as of .*21:07:00 WIB/);
  expect(text).toMatch(/Unchanged in every sync from .*21:00:00 WIB to .*21:05:00 WIB\./);
  expect(text).toMatch(/The next sync, at .*21:10:00 WIB, found changes/);
  expect((await screen.findAllByRole('row', { name: /shop\.example\.co\.id/ })).length).toBeGreaterThan(0);
  fireEvent.click(screen.getByRole('button', { name: 'Back to now' }));
  expect(onChange).toHaveBeenCalledWith({ at: null });
});

it('offers no actions and no instructions for direct requests', async () => {
  show(past, 'ru:loc-shop');
  expect(await screen.findByRole('complementary', { name: 'Selected node' })).toBeTruthy();
  expect(screen.queryByRole('link', { name: 'New diversion' })).toBeNull();
  expect(document.body.textContent).not.toContain('curl');
});

it('lists the parts that were unknown then', () => {
  show({ ...past, estate: { ...past.estate, gaps: [{ part: 'scf/ap-jakarta', reason: 'denied' }] } });
  expect(screen.getByText('scf/ap-jakarta')).toBeTruthy();
});

it('reports when no history is available', () => {
  show(null);
  expect(screen.getByText('No history for this time')).toBeTruthy();
});
