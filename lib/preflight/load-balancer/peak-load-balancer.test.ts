import { describe, expect, it } from 'vitest';
import { stops } from '@/lib/preflight/model/stops';
import { preflight } from '@/lib/preflight/preflight';
import { testEstate, testLoadBalancer, testSplit } from '@/testing/plan/test-estate';

function checkPeak(slaType: string | null, peak: number | null) {
  const estate = testEstate({
    loadBalancers: [
      testLoadBalancer('lb-cvm', { slaType: '' }),
      testLoadBalancer('lb-scf', { vips: ['127.77.1.2'], slaType }),
    ],
  });
  const diversion = { ...testSplit(), expectedPeakRps: peak };
  return preflight({ estate, diversion }).filter((f) => f.check === 'peak-load-balancer');
}

describe('peak-load-balancer', () => {
  it.each([
    ['clb.c2.medium', 8000, 'pass', 'pass'],
    ['clb.c2.medium', 8001, 'warn', 'close'],
    ['clb.c2.medium', 10_000, 'warn', 'close'],
    ['clb.c2.medium', 10_001, 'block', 'beyond'],
    ['clb.c4.xlarge', 240_000, 'pass', 'pass'],
    ['', 4000, 'pass', 'pass'],
    ['', 5001, 'warn', 'shared'],
    [null, 1, 'unknown', 'unread'],
    ['clb.c9.odd', 1, 'unknown', 'spec'],
  ])('%s at %s req/s', (slaType, peak, status, why) => {
    const found = checkPeak(slaType, peak);
    expect(found).toMatchObject([{ status, why: `peak-load-balancer.${why}`, objects: ['lb-scf'] }]);
    expect(found.some(stops)).toBe(status === 'block');
  });

  it('reports nothing without a stated peak', () => {
    expect(checkPeak('', null)).toEqual([]);
  });
});
