// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest';
import { loadPart } from './load-part';
import { otherBuild } from './other-build';

afterEach(() => vi.unstubAllGlobals());

test('a part that loads is used, and nobody is asked', async () => {
  const fetch = vi.fn();
  vi.stubGlobal('fetch', fetch);
  expect(await loadPart(Promise.resolve('chart'), 'text')).toBe('chart');
  expect(fetch).not.toHaveBeenCalled();
});

test('another one stands in where the server is away: that says nothing of its build', async () => {
  const fetch = vi.fn().mockRejectedValue(new TypeError('fetch failed'));
  vi.stubGlobal('fetch', fetch);
  expect(await loadPart(Promise.reject(new Error('no such chunk')), 'text')).toBe('text');
  expect(fetch).toHaveBeenCalledOnce();
  expect(otherBuild.isSeen()).toBe(false);
});

test('and where the server is of another build, which is told', async () => {
  document.documentElement.dataset.build = 'ours';
  vi.stubGlobal('fetch', async () => Response.json({}, { headers: { 'X-Spillway-Build': 'theirs' } }));
  expect(await loadPart(Promise.reject(new Error('no such chunk')), 'text')).toBe('text');
  await expect.poll(() => otherBuild.isSeen()).toBe(true);
});
