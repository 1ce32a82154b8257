// @vitest-environment happy-dom

import { act, cleanup } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ChangeListeners, Listeners } from '@/lib/client/live-changes';
import { otherBuild } from '@/lib/client/other-build';
import type { Change } from '@/lib/contract/change';
import { RunId } from '@/lib/run/model/run-id';
import { renderPage } from '@/testing/components/test-page';
import { RefreshOnChange } from './refresh-on-change';

/** The build that the server reports; null = it is unreachable. */
let server: string | null;
let refreshed: () => number;
let asked: number;
let notify: (change: Change) => void;

/** Opens a page that uses these listeners. */
function openPage(listeners = new ChangeListeners()) {
  notify = (change) => listeners.notify(change);
  const page = renderPage(
    <Listeners value={listeners}>
      <RefreshOnChange kinds={['plan', 'policy']} />
    </Listeners>,
  );
  return page.refreshes;
}

beforeEach(() => {
  asked = 0;
  server = 'ours';
  document.documentElement.dataset.build = 'ours';
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  vi.stubGlobal('fetch', async () => {
    asked += 1;
    if (server === null) throw new TypeError('fetch failed');
    return Response.json({}, { headers: { 'X-Spillway-Build': server } });
  });
  refreshed = openPage();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const after = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

it('refreshes the page for changes of its kinds: at once, and once after a burst', async () => {
  notify({ kind: 'run', id: RunId.parse('R-1') });
  for (let i = 0; i < 9; i++) notify({ kind: 'plan', id: 'P-1' });
  await expect.poll(refreshed).toBe(1);
  await after(5000);
  await expect.poll(refreshed).toBe(2);
  notify({ kind: 'anything' });
  await expect.poll(refreshed).toBe(3);
  await after(60_000);
  expect(asked).toBe(3);
});

it('refreshes a page opened a moment after a change, but not one opened long after', async () => {
  cleanup();
  const listeners = new ChangeListeners();
  const clock = vi.spyOn(Date, 'now').mockReturnValue(1_000_000);
  for (const change of [{ kind: 'anything' }, { kind: 'policy' }] as const) listeners.notify(change);
  clock.mockReturnValue(1_004_000);
  const soon = openPage(listeners);
  await expect.poll(soon).toBe(1);
  cleanup();
  clock.mockReturnValue(1_006_000);
  const late = openPage(listeners);
  await after(5000);
  expect(late()).toBe(0);
  clock.mockRestore();
});

it('keeps the page and its input if the server is unreachable or of another build', async () => {
  server = null;
  notify({ kind: 'policy' });
  await expect.poll(() => asked).toBe(1);
  await after(5000);
  server = 'theirs';
  notify({ kind: 'policy' });
  await expect.poll(() => otherBuild.isSeen()).toBe(true);
  server = 'ours';
  await after(5000);
  notify({ kind: 'policy' });
  await expect.poll(() => asked).toBe(3);
  await after(0);
  expect(refreshed()).toBe(0);
});
