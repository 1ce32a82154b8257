import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { countDrift } from './count-drift';
import { getRail } from './get-rail';
import { testContext } from './test-context';

vi.mock('./count-drift', () => ({ countDrift: vi.fn() }));
const context = testContext();
beforeEach(() => context.clear());
afterEach(() => vi.resetAllMocks());

it('has what waits behind the entries', async () => {
  vi.mocked(countDrift).mockResolvedValue({ test: 3 });
  expect(await getRail()).toEqual({
    unapproved: 0,
    drifted: { test: 3 },
    failedOver: 0,
    armed: 0,
    problems: 0,
  });
});

it('does not wait for drift that is still being counted', async () => {
  vi.mocked(countDrift).mockReturnValue(new Promise(() => undefined));
  expect(await getRail()).toEqual({ unapproved: 0, drifted: {}, failedOver: 0, armed: 0, problems: 0 });
});

it('tells of a count that fails', async () => {
  vi.mocked(countDrift).mockRejectedValue(new Error('the database is away'));
  await expect(getRail()).rejects.toThrow('the database is away');
});
