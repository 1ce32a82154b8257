import { describe, expect, it } from 'vitest';
import { stops } from '@/lib/preflight/model/stops';
import { preflight } from '@/lib/preflight/preflight';
import {
  testEstate,
  testLoadBalancer,
  testRecord,
  testSplit,
  testSwitch,
  testZone,
} from '@/testing/plan/test-estate';

const free = testZone({ grade: 'DP_FREE', minTtlS: 600 });
const records = (ttlS: number, change: object = {}) => [
  testRecord(11, 'shop', '127.77.1.1'),
  testRecord(12, 'flash', '127.77.1.1', { ttlS, ...change }),
];
const lower = (lowerTtlS: number) => ({ ...testSplit(), lowerTtlS });
const named = [
  testLoadBalancer('lb-cvm'),
  testLoadBalancer('lb-scf', { vips: [], domain: 'lb-scf.clb.example.net' }),
];

function checkTtl(change: object, diversion = testSplit()) {
  const estate = testEstate({ zones: [free], records: records(3600), ...change });
  return preflight({ estate, diversion }).filter((f) => f.check === 'dns-ttl');
}

describe('dns-ttl', () => {
  it.each([
    ['none is lowered', {}, testSplit(), 'pass', 'asItIs'],
    ['one at the floor', {}, lower(600), 'pass', 'pass'],
    ['one below the floor', {}, lower(599), 'block', 'belowFloor'],
    ['a floor that was not read', { zones: [testZone({ minTtlS: null })] }, lower(60), 'unknown', 'unread'],
    ['what is no TTL', {}, lower(Number.NaN), 'pass', 'asItIs'],
    ['a low TTL that only the value moves with', { records: records(60) }, testSplit(), 'pass', 'asItIs'],
    [
      'a low TTL that is sent again',
      { records: records(60), loadBalancers: named },
      testSplit(),
      'block',
      'kept',
    ],
  ] as const)('%s', (_, change, diversion, status, why) => {
    const found = checkTtl(change, diversion);
    expect(found).toMatchObject([{ status, why: `dns-ttl.${why}` }]);
    expect(found.some(stops)).toBe(status === 'block');
  });

  it('suggests the minimum, in the field of the TTL', () => {
    expect(checkTtl({}, lower(60))).toMatchObject([
      { field: 'lowerTtlS', fix: { patch: { field: 'lowerTtlS', value: '600' } } },
    ]);
  });

  it('detects that a new record of a Switch gets the low TTL that the other side already had', () => {
    const estate = testEstate({ zones: [free], records: records(60) });
    const found = preflight({ estate, diversion: testSwitch() }).filter((f) => f.check === 'dns-ttl');
    expect(found).toMatchObject([{ status: 'block', why: 'dns-ttl.kept', values: { ttl: 60, floor: 600 } }]);
  });
});
