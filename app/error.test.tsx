// @vitest-environment happy-dom
import { cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { renderPage } from '@/testing/components/test-page';
import ErrorPage from './error';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const GB = 1024 ** 3;
/** The response of /api/health when the disk of the database is full. */
const full = {
  checks: [{ name: 'database', ok: false, reason: 'the database refused; the log says why' }],
  problems: [],
  parts: [{ name: 'worker', state: 'up', since: '2026-01-01T00:00:00.000Z', reason: null }],
  disks: [{ folder: '/var/spillway', freeBytes: 0, sizeBytes: 40 * GB, state: 'full' }],
  logLinesLost: 3,
};

it('shows which part fails and what to do, even without a database', async () => {
  vi.stubGlobal('fetch', async () => Response.json(full, { status: 503 }));
  const retry = vi.fn();
  renderPage(<ErrorPage error={new Error('broken')} retry={retry} />);
  expect(await screen.findByText('the database refused; the log says why')).toBeTruthy();
  expect(screen.getByRole('region', { name: 'Health' })).toBeTruthy();
  expect(screen.getByText('0 MB of 40 GB free')).toBeTruthy();
  expect(screen.getByText(/Free some disk space. The database can't write/)).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(retry).toHaveBeenCalledOnce();
});

const well = { ...full, checks: [{ name: 'database', ok: true }], disks: [], logLinesLost: 0 };

it('reports that the database does not respond, and opens the page when it does', async () => {
  let health: object = { ...full, disks: [] };
  vi.stubGlobal('fetch', async () => Response.json(health));
  const retry = vi.fn();
  const { client } = renderPage(<ErrorPage error={new Error('broken')} retry={retry} />);
  expect(await screen.findByRole('heading', { name: 'The database does not answer' })).toBeTruthy();
  expect(screen.getByText(/Until it is back, runs wait and nothing can be changed/)).toBeTruthy();
  expect(screen.queryByText(/Runs continue/)).toBeNull();
  await client.refetchQueries();
  expect(retry).not.toHaveBeenCalled();
  health = well;
  await client.refetchQueries();
  await vi.waitFor(() => expect(retry).toHaveBeenCalledOnce());
});

it('does not reload a page that fails while all parts are healthy', async () => {
  vi.stubGlobal('fetch', async () => Response.json(well));
  const retry = vi.fn();
  const { client } = renderPage(<ErrorPage error={new Error('broken')} retry={retry} />);
  expect(await screen.findByRole('region', { name: 'Health' })).toBeTruthy();
  expect(screen.getByRole('heading', { name: 'This page could not be displayed' })).toBeTruthy();
  await client.refetchQueries();
  expect(retry).not.toHaveBeenCalled();
});

it('reports that the dashboard does not respond when nothing does', async () => {
  const asked = vi.fn(async () => {
    throw new TypeError('fetch failed');
  });
  vi.stubGlobal('fetch', asked);
  renderPage(<ErrorPage error={new Error('broken')} retry={() => {}} />);
  await vi.waitFor(() => expect(asked).toHaveBeenCalled());
  expect(await screen.findByRole('heading', { name: 'The dashboard does not answer' })).toBeTruthy();
  expect(screen.queryByRole('region', { name: 'Health' })).toBeNull();
});
