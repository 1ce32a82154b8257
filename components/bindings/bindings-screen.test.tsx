// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { BindingsView } from '@/lib/contract/estate';
import { type DatedBinding, findBindings, parseBindingQuery } from '@/lib/estate/bindings/binding-query';
import { collectBindings } from '@/lib/estate/bindings/bindings';
import { testTopologyEstate } from '@/testing/components/test-estate';
import { findListRows, serveList, tableRows } from '@/testing/components/test-list';
import { renderPage } from '@/testing/components/test-page';
import { BindingsList, useBindings } from './bindings-list';

const all: readonly DatedBinding[] = collectBindings(testTopologyEstate).map((binding) => ({
  ...binding,
  changedAt: binding.id === 'loc-shop' ? '2026-11-24T14:00:00Z' : null,
}));

function Page() {
  const list = useBindings('sandbox');
  return list.view ? <BindingsList list={list} view={list.view} /> : null;
}

/** Opens the list at an address; returns the parameters of the pages that it reads. */
async function show(start = '', bindings = all, gaps: BindingsView['gaps'] = []) {
  const { takenAt, regions } = testTopologyEstate;
  const rest: Omit<BindingsView, 'rows' | 'found' | 'total'> = { takenAt, regions, gaps };
  const find = (dated: readonly DatedBinding[], params: URLSearchParams) =>
    findBindings(dated, parseBindingQuery(params));
  const asked = serveList({ all: bindings, find, rest });
  window.history.replaceState(null, '', `/bindings?${start}`);
  renderPage(<Page />);
  await screen.findByText(/ of .* bindings?$/);
  return asked;
}

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const rows = () => tableRows('Bindings');
const found = (count: number) => findListRows('Bindings', count);

describe('the bindings', () => {
  it('show names that the cloud returns as text, whatever markup they contain', async () => {
    const markup = '"><img src=x onerror=alert(1)><script>alert(2)</script>';
    const hostile: readonly DatedBinding[] = JSON.parse(
      JSON.stringify(all),
      // Ids and kinds choose a row and its form; all else is text of the cloud.
      (key, value: unknown) =>
        typeof value === 'string' && /name|domain|url|qualifier/i.test(key) ? `${value}${markup}` : value,
    );
    await show('', hostile);
    await found(4);
    expect(document.body.textContent).toContain(markup);
    expect(document.body.querySelectorAll('img, script, [onerror]').length).toBe(0);
    for (const link of document.body.querySelectorAll('a'))
      expect(link.getAttribute('href')).toMatch(/^\/(?!\/)/);
  });

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

  it('link to the node in the estate, to a new diversion, and to a CSV of the same rows', async () => {
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
    const asked = await show(
      '',
      Array.from({ length: 5000 }, (_, n) => ({ ...one, id: `loc-${n}` })),
    );
    await waitFor(() => expect(rows().length).toBeGreaterThan(10));
    expect(rows().length).toBeLessThan(100);
    expect(screen.getByRole('table', { name: 'Bindings' }).getAttribute('aria-rowcount')).toBe('5001');
    expect(rows()[0]?.getAttribute('aria-rowindex')).toBe('2');
    expect(screen.getByText('5,000 of 5,000 bindings')).toBeTruthy();
    expect(new Set(asked)).toEqual(new Set(['offset=0&limit=100']));
    // jsdom does not scroll: the virtualizer reads the window's offset on its scroll event.
    window.scrollTo(0, 41 * 3000);
    window.dispatchEvent(new Event('scroll'));
    await waitFor(() => expect(asked.some((page) => page.includes('offset=3000'))).toBe(true));
    await waitFor(() => expect(rows().at(-1)?.getAttribute('aria-rowindex')).toMatch(/^30\d\d$/));
  });

  it('report that some may be missing, and when there are none', async () => {
    await show('', [], [{ part: 'clb/ap-singapore', reason: 'denied' }]);
    expect(screen.getByText('One part could not be read. Bindings may be missing.')).toBeTruthy();
    expect(screen.getByText('This account has no rules and no layer-4 listeners')).toBeTruthy();
  });
});
