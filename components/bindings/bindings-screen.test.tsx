// @vitest-environment happy-dom
import { useQuery } from '@tanstack/react-query';
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { bindingsQuery } from '@/lib/client/queries';
import type { BindingsView } from '@/lib/client/views';
import {
  type BindingQuery,
  type DatedBinding,
  findBindings,
  parseBindingQuery,
  writeBindingQuery,
} from '@/lib/estate/bindings/binding-query';
import { collectBindings } from '@/lib/estate/bindings/bindings';
import { testTopologyEstate } from '@/testing/components/test-estate';
import { renderPage } from '@/testing/components/test-page';
import { BindingsBody } from './bindings-body';

const all: readonly DatedBinding[] = collectBindings(testTopologyEstate).map((binding) => ({
  ...binding,
  changedAt: binding.id === 'loc-shop' ? '2026-11-24T14:00:00Z' : null,
}));

/** The pages that were asked for. */
const asked: string[] = [];

/** Answers as the server does. */
function serve(bindings: readonly DatedBinding[], gaps: BindingsView['gaps']) {
  vi.stubGlobal('fetch', async (input: string) => {
    const { search, searchParams } = new URL(input, 'http://localhost');
    asked.push(search);
    const found = findBindings(bindings, parseBindingQuery(searchParams));
    const from = Number(searchParams.get('offset'));
    const view: BindingsView = {
      takenAt: testTopologyEstate.takenAt,
      regions: testTopologyEstate.regions,
      gaps,
      rows: found.slice(from, from + Number(searchParams.get('limit'))),
      found: found.length,
      total: bindings.length,
    };
    return Response.json(view);
  });
}

function Page({ start }: { readonly start: string }) {
  const [query, setQuery] = useState<BindingQuery>(() => parseBindingQuery(new URLSearchParams(start)));
  const { data: view } = useQuery(
    bindingsQuery('sandbox', writeBindingQuery(new URLSearchParams(), query), 0),
  );
  return view ? (
    <BindingsBody
      view={view}
      connectionId="sandbox"
      query={query}
      asked={query}
      onChange={(part) => setQuery((known) => ({ ...known, ...part }))}
      isStale={false}
    />
  ) : null;
}

async function show(start = '', bindings = all, gaps: BindingsView['gaps'] = []) {
  serve(bindings, gaps);
  renderPage(<Page start={start} />);
  await screen.findByText(/ of .* bindings?$/);
}

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  asked.length = 0;
});

const rows = () =>
  within(screen.getByRole('table', { name: 'Bindings' }))
    .getAllByRole('row')
    .slice(1);
const found = async (count: number) => {
  await waitFor(() => {
    expect(rows()).toHaveLength(count);
    expect(screen.queryByText('Loading')).toBeNull();
  });
  return rows();
};

describe('the bindings', () => {
  it('show a row for each rule and each layer-4 listener', async () => {
    await show();
    const texts = (await found(4)).map((row) => row.textContent);
    expect(texts).toContainEqual(
      expect.stringContaining('shop.example.co.id/lb-jkt-shopHTTP:80ap-jakartaCVM'),
    );
    expect(texts).toContainEqual(expect.stringContaining('flash/checkout:1Not checked'));
    expect(texts).toContainEqual(expect.stringContaining('All traffic of this listenerlb-jkt-shopTCP:9000'));
  });

  it('can be filtered by text and cleared again', async () => {
    await show();
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
    await show();
    await found(4);
    const head = screen.getByRole('columnheader', { name: 'Last change' });
    fireEvent.click(within(head).getByRole('button'));
    expect(head.getAttribute('aria-sort')).toBe('ascending');
    expect((await found(4))[0]?.textContent).toContain('shop.example.co.id/');
    fireEvent.click(within(head).getByRole('button'));
    expect(head.getAttribute('aria-sort')).toBe('descending');
  });

  it('link to the node in the estate, to a new diversion and to a CSV of the same rows', async () => {
    await show('q=shop.example&kind=cvm');
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
    await show('q=ins-shop-1');
    const [, listener] = await found(2);
    expect(within(listener as HTMLElement).queryByRole('link', { name: /Divert/ })).toBeNull();
  });

  it('read and render only the visible rows of thousands, and count all of them', async () => {
    const [one] = all;
    if (one === undefined) throw new Error('the estate has bindings');
    await show(
      '',
      Array.from({ length: 5000 }, (_, n) => ({ ...one, id: `loc-${n}` })),
    );
    await waitFor(() => expect(rows().length).toBeGreaterThan(10));
    expect(rows().length).toBeLessThan(100);
    expect(screen.getByRole('table', { name: 'Bindings' }).getAttribute('aria-rowcount')).toBe('5001');
    expect(rows()[0]?.getAttribute('aria-rowindex')).toBe('2');
    expect(screen.getByText('5,000 of 5,000 bindings')).toBeTruthy();
    expect(new Set(asked)).toEqual(new Set(['?offset=0&limit=100']));
    // jsdom does not scroll: the virtualizer hears of the window's offset by its event.
    window.scrollTo(0, 41 * 3000);
    window.dispatchEvent(new Event('scroll'));
    await waitFor(() => expect(asked.some((page) => page.includes('offset=3000'))).toBe(true));
    await waitFor(() => expect(rows().at(-1)?.getAttribute('aria-rowindex')).toMatch(/^30\d\d$/));
  });

  it('say that some may be missing, and when there are none', async () => {
    await show('', [], [{ part: 'clb/ap-singapore', reason: 'denied' }]);
    expect(screen.getByText('One part could not be read. Bindings may be missing.')).toBeTruthy();
    expect(screen.getByText('This account has no rules and no layer-4 listeners')).toBeTruthy();
  });
});
