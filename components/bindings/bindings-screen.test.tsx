// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { NextIntlClientProvider } from 'next-intl';
import { useState } from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import type { BindingsView } from '@/lib/client/views';
import { type BindingQuery, parseBindingQuery } from '@/lib/estate/bindings/binding-query';
import { collectBindings } from '@/lib/estate/bindings/bindings';
import { messages } from '@/lib/messages/messages';
import { testTopologyEstate } from '@/testing/components/test-estate';
import { BindingsBody } from './bindings-body';

const view = (more: Partial<BindingsView> = {}): BindingsView => ({
  takenAt: testTopologyEstate.takenAt,
  regions: testTopologyEstate.regions,
  gaps: [],
  bindings: collectBindings(testTopologyEstate).map((binding) => ({
    ...binding,
    changedAt: binding.id === 'loc-shop' ? '2026-11-24T14:00:00Z' : null,
  })),
  ...more,
});

function Page({ shown, start }: { readonly shown: BindingsView; readonly start: string }) {
  const [query, setQuery] = useState<BindingQuery>(() => parseBindingQuery(new URLSearchParams(start)));
  return (
    <BindingsBody
      view={shown}
      connectionId="sandbox"
      query={query}
      onChange={(part) => setQuery((known) => ({ ...known, ...part }))}
      isStale={false}
    />
  );
}

function show(start = '', shown = view()) {
  render(
    <NextIntlClientProvider locale="en" timeZone="UTC" messages={messages}>
      <QueryClientProvider client={new QueryClient()}>
        <Page shown={shown} start={start} />
      </QueryClientProvider>
    </NextIntlClientProvider>,
  );
}

afterEach(cleanup);

const rows = () =>
  within(screen.getByRole('table', { name: 'Bindings' }))
    .getAllByRole('row')
    .slice(1);
const found = async (count: number) => {
  await waitFor(() => expect(rows()).toHaveLength(count));
  return rows();
};

describe('the bindings', () => {
  it('show a row for each rule and each layer-4 listener', async () => {
    show();
    const texts = (await found(4)).map((row) => row.textContent);
    expect(texts).toContainEqual(
      expect.stringContaining('shop.example.co.id/lb-jkt-shopHTTP:80ap-jakartaCVM'),
    );
    expect(texts).toContainEqual(expect.stringContaining('flash/checkout:1Not checked'));
    expect(texts).toContainEqual(expect.stringContaining('All traffic of this listenerlb-jkt-shopTCP:9000'));
  });

  it('can be filtered by text and cleared again', async () => {
    show();
    await found(4);
    fireEvent.change(screen.getByRole('searchbox', { name: 'Find bindings' }), {
      target: { value: 'checkout' },
    });
    // The listener serves the name too.
    await found(3);
    expect(screen.getByText('3 of 4 bindings')).toBeTruthy();
    fireEvent.change(screen.getByRole('searchbox', { name: 'Find bindings' }), { target: { value: 'zzz' } });
    fireEvent.click(await screen.findByRole('button', { name: 'Clear filter' }));
    await found(4);
  });

  it('can be sorted by a column in both directions', async () => {
    show();
    await found(4);
    const head = screen.getByRole('columnheader', { name: 'Last change' });
    fireEvent.click(within(head).getByRole('button'));
    expect(head.getAttribute('aria-sort')).toBe('ascending');
    expect((await found(4))[0]?.textContent).toContain('shop.example.co.id/');
    fireEvent.click(within(head).getByRole('button'));
    expect(head.getAttribute('aria-sort')).toBe('descending');
  });

  it('link to the node in the estate, to a new diversion and to a CSV of the same rows', async () => {
    show('q=shop.example&kind=cvm');
    const [row] = await found(2);
    const links = within(row as HTMLElement).getAllByRole('link');
    expect(links.map((link) => link.getAttribute('href'))).toEqual([
      '/estate?connection=sandbox&node=ru%3Aloc-shop',
      '/diversions/new?connection=sandbox&domain=shop.example.co.id&rule=loc-shop',
    ]);
    const csv = screen.getByRole('link', { name: 'Download CSV' });
    expect(csv.getAttribute('href')).toBe('/api/connections/sandbox/bindings.csv?q=shop.example&kind=cvm');
  });

  it('offer no diversion for a layer-4 listener', async () => {
    show('q=ins-shop-1');
    const [, listener] = await found(2);
    expect(within(listener as HTMLElement).queryByRole('link', { name: /Divert/ })).toBeNull();
  });

  it('render only the visible rows of thousands, and count all of them', async () => {
    const [one] = view().bindings;
    const bindings = Array.from({ length: 5000 }, (_, n) => ({
      ...(one as typeof one & object),
      id: `loc-${n}`,
    }));
    show('', view({ bindings }));
    await waitFor(() => expect(rows().length).toBeGreaterThan(10));
    expect(rows().length).toBeLessThan(100);
    expect(screen.getByRole('table', { name: 'Bindings' }).getAttribute('aria-rowcount')).toBe('5001');
    expect(rows()[0]?.getAttribute('aria-rowindex')).toBe('2');
    expect(screen.getByText('5,000 of 5,000 bindings')).toBeTruthy();
  });

  it('say that some may be missing, and when there are none', () => {
    show('', view({ bindings: [], gaps: [{ part: 'clb/ap-singapore', reason: 'denied' }] }));
    expect(screen.getByText('One part could not be read. Bindings may be missing.')).toBeTruthy();
    expect(screen.getByText('This account has no rules and no layer-4 listeners')).toBeTruthy();
  });
});
