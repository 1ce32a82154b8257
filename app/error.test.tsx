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

it('says which part fails and what to do, also where the database can’t be used', async () => {
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

it('stays as it is where nothing answers', async () => {
  const asked = vi.fn(async () => {
    throw new TypeError('fetch failed');
  });
  vi.stubGlobal('fetch', asked);
  renderPage(<ErrorPage error={new Error('broken')} retry={() => {}} />);
  await vi.waitFor(() => expect(asked).toHaveBeenCalled());
  expect(screen.getByText('This page could not be displayed')).toBeTruthy();
  expect(screen.queryByRole('region', { name: 'Health' })).toBeNull();
});
