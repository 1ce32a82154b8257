// @vitest-environment happy-dom
import { cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { fetchJson } from '@/lib/client/fetch-json';
import { renderPage } from '@/testing/components/test-page';
import { UpdateNotice } from './frame-notices';

/** The build that every response of the server names; null: none. */
let server: string | null;
let reads: number;
const read = () => fetchJson('/api/read/run.get', new AbortController().signal);

beforeEach(() => {
  reads = 0;
  document.documentElement.dataset.build = 'ours';
  vi.stubGlobal('fetch', async () => {
    reads += 1;
    return Response.json({}, server === null ? {} : { headers: { 'X-Spillway-Build': server } });
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it.each(['ours', null])('shows nothing while responses name the build %s', async (build) => {
  server = build;
  renderPage(<UpdateNotice />);
  // A page that reads nothing else polls on its own.
  await expect.poll(() => reads).toBe(1);
  await read();
  expect(screen.queryByRole('button')).toBeNull();
});

it('suggests a reload after another build has responded, without reloading automatically', async () => {
  server = 'ours';
  const reload = vi.spyOn(location, 'reload').mockImplementation(() => {});
  renderPage(<UpdateNotice />);
  await expect.poll(() => reads).toBe(1);
  server = 'theirs';
  await read();
  expect(await screen.findByText('Spillway was updated. Reload the page.')).toBeTruthy();
  // Behind a load balancer, during an upgrade.
  server = 'ours';
  await read();
  expect(reload).not.toHaveBeenCalled();
  fireEvent.click(screen.getByRole('button', { name: 'Reload page' }));
  expect(reload).toHaveBeenCalledOnce();
});
