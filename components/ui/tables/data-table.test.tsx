// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { renderPage } from '@/testing/components/test-page';
import { DataTable } from './data-table';

afterEach(cleanup);

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

it('renders the visible rows of a long table, and says how many there are', async () => {
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
