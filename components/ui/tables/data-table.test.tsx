// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { renderPage } from '@/testing/components/test-page';
import { DataTable } from './data-table';

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const show = (count: number) =>
  renderPage(
    <DataTable
      label="Runs"
      columns={[{ name: 'Run', cell: (n: number) => `R-${n}` }]}
      rows={Array.from({ length: count }, (_, n) => n)}
      rowKey={(n) => n}
    />,
  );
const rows = () => screen.getAllByRole('row').slice(1);

it('renders all rows of a short table, without counts', () => {
  show(99);
  expect(rows()).toHaveLength(99);
  expect(screen.getByRole('table').hasAttribute('aria-rowcount')).toBe(false);
});

it('renders the visible rows of a long table, with the total in ARIA attributes', async () => {
  show(3000);
  await waitFor(() => expect(rows().length).toBeGreaterThan(10));
  expect(rows().length).toBeLessThan(150);
  expect(screen.getByRole('table').getAttribute('aria-rowcount')).toBe('3001');
  expect(rows()[0]?.getAttribute('aria-rowindex')).toBe('2');
});

it('prints all rows of a long table', async () => {
  show(300);
  fireEvent(window, new Event('beforeprint'));
  expect(rows()).toHaveLength(300);
  fireEvent(window, new Event('afterprint'));
  await waitFor(() => expect(rows().length).toBeLessThan(150));
});

it('discards the heights of cards when the screen is wide again', async () => {
  const screens = { isNarrow: true, changed: () => {} };
  // The cast: a screen has six more members, which the table does not use.
  vi.spyOn(window, 'matchMedia').mockImplementation(
    (media) =>
      ({
        media,
        get matches() {
          return screens.isNarrow;
        },
        addEventListener: (_: string, listener: () => void) => {
          screens.changed = listener;
        },
        removeEventListener: () => {},
      }) as unknown as MediaQueryList,
  );
  const cards = vi
    .spyOn(Element.prototype, 'getBoundingClientRect')
    .mockReturnValue(new DOMRect(0, 0, 300, 400));
  show(3000);
  await waitFor(() => expect(rows().length).toBeGreaterThan(10));
  const few = rows().length;
  cards.mockReturnValue(new DOMRect(0, 0, 0, 0));
  screens.isNarrow = false;
  act(() => screens.changed());
  await waitFor(() => expect(rows().length).toBeGreaterThan(few));
});
