// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SearchInput } from '@/components/ui/toolbar';
import { parseRead } from '@/testing/components/parse-read';
import { renderPage } from '@/testing/components/test-page';
import { usePageActions } from './page-actions';
import { Palette } from './palette';
// Both are loaded before they are opened.
import './palette-dialog';
import './shortcut-help';

const hits = [
  { kind: 'run', key: 'R-0001', name: 'R-0001', note: '12.12 flash split', href: '/runs/R-0001' },
  { kind: 'domain', key: 'flash', name: 'flash.example.co.id', note: 'niaga', href: '/estate?q=flash' },
];
const requested: string[] = [];
beforeEach(() => {
  requested.length = 0;
  vi.stubGlobal('fetch', async (path: string) => {
    requested.push(parseRead<'object.search'>(path).input.query);
    return Response.json({ hits, more: ['domain'] });
  });
});
afterEach(() => {
  cleanup();
  localStorage.clear();
  vi.unstubAllGlobals();
});

const acted = vi.fn();
function Page() {
  usePageActions([
    { id: 'pause', label: 'Pause the run', keys: 'P', whyNot: null, act: acted },
    {
      id: 'continue',
      label: 'Continue the run',
      whyNot: 'The run is neither paused nor stopped.',
      act: acted,
    },
  ]);
  return <SearchInput label="Find" hint="" value="" onChange={() => {}} />;
}
const open = (connectionId: string | null = 'test') =>
  renderPage(
    <>
      <Palette connectionId={connectionId} hasSandbox />
      <Page />
    </>,
  );
const press = (key: string, more: object = {}) =>
  fireEvent.keyDown(document.activeElement ?? document.body, { key, ...more });
const openPalette = async () => {
  press('k', { ctrlKey: true });
  return await screen.findByRole('combobox', { name: 'Search and commands' });
};
const options = () => screen.getAllByRole('option').map((option) => option.textContent);

it('opens by its button and by Ctrl K, and lists the actions of the page and all pages', async () => {
  open();
  await openPalette();
  expect(options()).toEqual(
    expect.arrayContaining([expect.stringContaining('Pause the run'), expect.stringContaining('Settings')]),
  );
  press('k', { ctrlKey: true });
  expect(screen.queryByRole('combobox')).toBeNull();
  fireEvent.click(screen.getByRole('button', { name: 'Search and commands' }));
  expect(await screen.findByRole('combobox')).toBeTruthy();
});

it('finds objects, grouped by kind, and opens one', async () => {
  const { visited } = open();
  const input = await openPalette();
  fireEvent.change(input, { target: { value: 'flash' } });
  const runs = await screen.findByRole('group', { name: 'Runs' });
  const domains = screen.getByRole('group', { name: 'Domains' });
  expect(within(domains).getByText(/only the best matches/)).toBeTruthy();
  expect(requested).toContain('flash');
  fireEvent.click(within(runs).getByRole('option', { name: /R-0001/ }));
  expect(visited).toEqual(['/runs/R-0001']);
  expect(screen.queryByRole('combobox')).toBeNull();
});

it('runs an action, and explains why another one is disabled', async () => {
  open();
  await openPalette();
  const off = screen.getByRole('option', { name: /Continue the run The run is neither paused nor stopped/ });
  expect(off.getAttribute('aria-disabled')).toBe('true');
  fireEvent.click(off);
  expect(acted).not.toHaveBeenCalled();
  fireEvent.click(screen.getByRole('option', { name: /Pause the run/ }));
  expect(acted).toHaveBeenCalledOnce();
});

it('keeps pages and actions while objects can’t be searched, and reports that', async () => {
  vi.stubGlobal('fetch', async () => new Response('', { status: 500 }));
  open();
  fireEvent.change(await openPalette(), { target: { value: 'set' } });
  expect(await screen.findByRole('alert', {}, { timeout: 5000 })).toBeTruthy();
  expect(options()).toEqual([expect.stringContaining('Settings')]);
});

it('opens a page by g and a letter, and a new diversion by N', () => {
  const { visited } = open();
  press('g');
  press('d');
  press('d');
  press('n');
  expect(visited).toEqual(['/diversions', '/diversions/new?connection=test']);
});

it('offers no new diversion without an account', async () => {
  const { visited } = open(null);
  press('n');
  expect(visited).toEqual([]);
  await openPalette();
  expect(screen.getByRole('option', { name: /New diversion No account is connected/ })).toBeTruthy();
});

it('ignores keys in fields, with modifiers, and while single-key shortcuts are off', async () => {
  const { visited } = open();
  screen.getByRole('searchbox').focus();
  press('n');
  screen.getByRole('searchbox').blur();
  press('n', { ctrlKey: true });
  press('n', { altKey: true });
  press('g', { metaKey: true });
  press('d');
  expect(visited).toEqual([]);
  press('?', { shiftKey: true });
  fireEvent.click(await screen.findByRole('checkbox', { name: /Single-key shortcuts/ }));
  fireEvent.click(screen.getByRole('button', { name: 'Close' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  press('n');
  press('/');
  expect(visited).toEqual([]);
  expect(document.activeElement).not.toBe(screen.getByRole('searchbox'));
});

it('focuses the search of the page by /', () => {
  open();
  press('/');
  expect(document.activeElement).toBe(screen.getByRole('searchbox'));
});

it('lists all shortcuts by ?, announced in order', async () => {
  open();
  press('?', { shiftKey: true });
  const pages = await screen.findByRole('region', { name: 'Go to' });
  expect(within(pages).getByRole('row', { name: /Estate: map G then E/ })).toBeTruthy();
});
