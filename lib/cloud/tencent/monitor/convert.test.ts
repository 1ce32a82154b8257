import { expect, it } from 'vitest';
import { toMinutes } from './api';

it('reads values by their time, leaving out missing ones', () => {
  const answer = {
    RequestId: 'r-1',
    DataPoints: [{ Timestamps: [1_700_000_040, 1_700_000_100, 1_700_000_160], Values: [2, null, 0.5] }],
  };
  // The cloud returns null where its types say number.
  expect([...toMinutes(answer as Parameters<typeof toMinutes>[0])]).toEqual([
    [1_700_000_040_000, 2],
    [1_700_000_160_000, 0.5],
  ]);
});

it('returns no points for an object without data', () => {
  const nothing = { DataPoints: [{ Dimensions: [], Timestamps: [], Values: [] }] };
  expect(toMinutes(nothing).size).toBe(0);
  expect(toMinutes({}).size).toBe(0);
});

it('rejects a response without the documented shape', () => {
  const odd = { DataPoints: [{ Timestamps: ['12:00'], Values: [1] }] } as unknown as Parameters<
    typeof toMinutes
  >[0];
  expect(() => toMinutes(odd)).toThrow(/DataPoints/);
});
