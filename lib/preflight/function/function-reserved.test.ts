import { expect, it } from 'vitest';
import { stops } from '@/lib/preflight/model/stops';
import { testSwitch } from '@/testing/plan/test-estate';
import { findingsAbout } from '@/testing/preflight/test-function-checks';

it.each<[number | 'none' | null, string, string]>([
  ['none', 'pass', 'none'],
  [1280, 'pass', 'pass'],
  [128, 'pass', 'pass'],
  [127, 'block', 'small'],
  [0, 'block', 'stopped'],
  [null, 'unknown', 'unread'],
])('returns for %s MB reserved: %s', (reservedMb, status, why) => {
  const findings = findingsAbout('function-reserved', { fn: { reservedMb, memoryMb: 128 } });
  expect(findings).toMatchObject([
    { status, why: `function-reserved.${why}`, objects: ['flash/storefront'] },
  ]);
  expect(findings.some(stops)).toBe(status === 'block');
});

it('reports the number of instances of a reservation', () => {
  const [finding] = findingsAbout('function-reserved', { fn: { reservedMb: 1300, memoryMb: 128 } });
  expect(finding?.values).toMatchObject({ instances: 10, reserved: 1300 });
});

it('never blocks a Switch away from a stopped function', () => {
  const given = { fn: { reservedMb: 0 } };
  const toward = (side: 'cvm' | 'function') =>
    findingsAbout('function-reserved', { ...given, diversion: testSwitch({ toward: side }) });
  expect(toward('cvm')).toMatchObject([{ status: 'warn' }]);
  expect(toward('function')).toMatchObject([{ status: 'block' }]);
});
