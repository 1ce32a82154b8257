// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest';
import { loadPart } from './load-part';
import { otherBuild } from './other-build';

afterEach(() => vi.unstubAllGlobals());

test('uses a part that loads, without asking the user', async () => {
  const fetch = vi.fn();
  vi.stubGlobal('fetch', fetch);
  expect(await loadPart(Promise.resolve('chart'), 'text')).toBe('chart');
  expect(fetch).not.toHaveBeenCalled();
});

test('uses the fallback when the server is unreachable, without reporting another build', async () => {
  const fetch = vi.fn().mockRejectedValue(new TypeError('fetch failed'));
  vi.stubGlobal('fetch', fetch);
  expect(await loadPart(Promise.reject(new Error('no such chunk')), 'text')).toBe('text');
  expect(fetch).toHaveBeenCalledOnce();
  expect(otherBuild.isSeen()).toBe(false);
});

test('uses the fallback when the server is of another build, and reports that', async () => {
  document.documentElement.dataset.build = 'ours';
  vi.stubGlobal('fetch', async () => Response.json({}, { headers: { 'X-Spillway-Build': 'theirs' } }));
  expect(await loadPart(Promise.reject(new Error('no such chunk')), 'text')).toBe('text');
  await expect.poll(() => otherBuild.isSeen()).toBe(true);
});
