import { afterEach, describe, expect, it, vi } from 'vitest';
import { createClaim } from './start-engine';

afterEach(() => {
  vi.useRealTimers();
});

describe('recovering the runs of an earlier process', () => {
  it('is complete at once without runs', async () => {
    expect(await createClaim([]).within(60_000)).toBe(0);
  });

  it('is complete with the last of them, ignoring repeated reports and other runs', async () => {
    vi.useFakeTimers();
    const claim = createClaim(['R-1.1', 'R-2.1', 'R-3.1']);
    claim.resumed('R-3.1');
    const ended = vi.fn();
    const through = claim.within(60_000).then(ended);
    for (const id of ['R-1.1', 'R-1.1', 'R-9.1', undefined]) claim.resumed(id);
    await vi.advanceTimersByTimeAsync(59_999);
    expect(ended).not.toHaveBeenCalled();
    claim.resumed('R-2.1');
    await through;
    expect(ended).toHaveBeenCalledWith(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('times out if some do not resume, and reports their number', async () => {
    vi.useFakeTimers();
    const claim = createClaim(['R-1.1', 'R-2.1', 'R-3.1']);
    const left = claim.within(10_000);
    claim.resumed('R-2.1');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await left).toBe(2);
  });
});
