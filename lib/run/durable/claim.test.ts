import { afterEach, describe, expect, it, vi } from 'vitest';
import { createClaim } from './claim';

afterEach(() => {
  vi.useRealTimers();
});

describe('recovering the runs of an earlier process', () => {
  it('is complete at once where nothing was left', async () => {
    expect(await createClaim([]).within(60_000)).toBe(0);
  });

  it('is complete with the last of them, however often one reports, and whoever else does', async () => {
    vi.useFakeTimers();
    const takeUp = createClaim(['R-1.1', 'R-2.1', 'R-3.1']);
    takeUp.goesOn('R-3.1');
    const ended = vi.fn();
    const through = takeUp.within(60_000).then(ended);
    for (const id of ['R-1.1', 'R-1.1', 'R-9.1', undefined]) takeUp.goesOn(id);
    await vi.advanceTimersByTimeAsync(59_999);
    expect(ended).not.toHaveBeenCalled();
    takeUp.goesOn('R-2.1');
    await through;
    expect(ended).toHaveBeenCalledWith(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('times out where some do not resume, and reports how many', async () => {
    vi.useFakeTimers();
    const takeUp = createClaim(['R-1.1', 'R-2.1', 'R-3.1']);
    const left = takeUp.within(10_000);
    takeUp.goesOn('R-2.1');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await left).toBe(2);
  });
});
