// @vitest-environment happy-dom
import { act, cleanup } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { renderPage } from '@/components/plan/test-page';
import { otherBuild } from '@/lib/client/other-build';
import type { Change } from '@/lib/client/views';
import { useChangeListeners } from './live-changes';
import { RefreshOnChange } from './refresh-on-change';

/** The build that the server says it is; null = it is away. */
let server: string | null;
let refreshed: () => number;
let asked: number;
let tell: (change: Change) => void;

function Page() {
  const listeners = useChangeListeners();
  tell = (change) => {
    for (const listener of listeners) listener(change);
  };
  return <RefreshOnChange kinds={['plan', 'policy']} />;
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
  refreshed = renderPage(<Page />).refreshes;
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const after = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

it('has the page made anew for the kinds that it shows: at once, and once after a burst', async () => {
  tell({ kind: 'run', id: 'R-1' });
  for (let i = 0; i < 9; i++) tell({ kind: 'plan', id: 'P-1' });
  await expect.poll(refreshed).toBe(1);
  await after(5000);
  await expect.poll(refreshed).toBe(2);
  tell({ kind: 'anything' });
  await expect.poll(refreshed).toBe(3);
  await after(60_000);
  expect(asked).toBe(3);
});

it('leaves the page alone where the server is away, or of another build: what was entered stays', async () => {
  server = null;
  tell({ kind: 'policy' });
  await expect.poll(() => asked).toBe(1);
  await after(5000);
  server = 'theirs';
  tell({ kind: 'policy' });
  await expect.poll(() => otherBuild.isSeen()).toBe(true);
  server = 'ours';
  await after(5000);
  tell({ kind: 'policy' });
  await expect.poll(() => asked).toBe(3);
  await after(0);
  expect(refreshed()).toBe(0);
});
