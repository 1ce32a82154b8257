import { describe, expect, it } from 'vitest';
import { NewListener, NewLoadBalancer } from '@/lib/diversion/creates';
import { stops } from '@/lib/preflight/model/stops';
import { preflight } from '@/lib/preflight/preflight';
import { testEstate, testLoadBalancer, testSplit } from '@/testing/plan/test-estate';

function checkPeak(change: object, peak: number | null) {
  const loadBalancers = [
    testLoadBalancer('lb-cvm'),
    testLoadBalancer('lb-scf', { vips: ['127.77.1.2'], ...change }),
  ];
  const diversion = { ...testSplit(), expectedPeakRps: peak };
  return preflight({ estate: testEstate({ loadBalancers }), diversion }).filter(
    ({ check }) => check === 'peak-bandwidth',
  );
}

/** Returns the same findings with a load balancer that the plan creates. */
function peakOfCreated(change: object, peak: number) {
  const made = NewLoadBalancer.parse({
    id: '@lb',
    name: 'sale',
    region: 'ap-singapore',
    network: 'OPEN',
    vpcId: 'vpc-1',
    ...change,
  });
  const listener = NewListener.parse({
    id: '@l',
    loadBalancerId: '@lb',
    name: 'http',
    protocol: 'HTTP',
    port: 80,
  });
  const diversion = {
    ...testSplit({ loadBalancerId: '@lb', listenerId: '@l' }),
    creates: { loadBalancers: [made], listeners: [listener] },
    expectedPeakRps: peak,
  };
  return preflight({ estate: testEstate(), diversion }).filter(({ check }) => check === 'peak-bandwidth');
}

describe('peak-bandwidth', () => {
  // 32 KB × 8 × 1000 req/s = 262.1 Mbps.
  it.each([
    [{ bandwidthMbps: 400 }, 1000, 'pass', 'pass', 263],
    [{ bandwidthMbps: 300 }, 1000, 'warn', 'close', 263],
    [{ bandwidthMbps: 10 }, 1000, 'warn', 'beyond', 263],
    [{ bandwidthMbps: null }, 1, 'unknown', 'unread', 1],
    [{ bandwidthMbps: 10, network: 'INTERNAL', slaType: 'clb.c2.medium' }, 1000, 'warn', 'beyond', 263],
  ])('%s at %s req/s', (change, peak, status, why, needed) => {
    const found = checkPeak(change, peak);
    expect(found).toMatchObject([
      { status, why: `peak-bandwidth.${why}`, objects: ['lb-scf'], values: { needed, kb: 32 } },
    ]);
    expect(found.some(stops)).toBe(false);
  });

  it.each([{ network: 'INTERNAL', slaType: '', bandwidthMbps: 10 }, { bandwidthMbps: 0 }])(
    'ignores one without a limit: %s',
    (change) => expect(checkPeak(change, 1_000_000)).toEqual([]),
  );

  it('reports nothing without a stated peak', () => {
    expect(checkPeak({ bandwidthMbps: 1 }, null)).toEqual([]);
  });

  it.each([
    ['', 5000, '1700'],
    ['', 50_000, '2048'],
    ['clb.c4.small', 50_000, '16400'],
  ])('suggests the bandwidth for a created one of specification "%s" at %s req/s', (slaType, peak, value) => {
    const [found] = peakOfCreated({ slaType }, peak);
    expect(found).toMatchObject({
      status: 'warn',
      field: 'creates.loadBalancers.0',
      fix: { label: 'setBandwidth', patch: { field: 'creates.loadBalancers.0.bandwidthMbps', value } },
    });
  });

  it('suggests nothing if a shared one has its maximum', () => {
    const internet = { chargeType: 'TRAFFIC_POSTPAID_BY_HOUR', bandwidthMbps: 2048 };
    expect(peakOfCreated({ internet }, 50_000)).toMatchObject([{ why: 'peak-bandwidth.beyond', fix: null }]);
  });
});
