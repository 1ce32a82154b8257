import { expect, it } from 'vitest';
import { preflight } from '@/lib/preflight/preflight';
import { testEstate, testListener, testRecord, testSplit } from '@/testing/plan/test-estate';

const found = (estate: ReturnType<typeof testEstate>) =>
  preflight({ estate, diversion: testSplit() }).filter(
    (finding) => finding.check === 'reachability' && finding.status !== 'pass',
  );

const https = { protocol: 'HTTPS', port: 443 } as const;

it('warns about the certificate of an HTTPS listener', () => {
  const laneB = testEstate({ listeners: [testListener('lb-cvm'), testListener('lb-scf', https)] });
  expect(found(laneB)).toMatchObject([{ status: 'warn', why: 'reachability.https' }]);
});

it('passes it if its certificate is known to cover the name', () => {
  const certificate = { id: 'c-1', kind: 'SVR', domains: ['*.example.co.id'], status: 'issued' };
  const withEnd = (notAfter: string) =>
    testEstate({
      listeners: [testListener('lb-cvm'), testListener('lb-scf', { ...https, certificateId: 'c-1' })],
      certificates: [{ ...certificate, notAfter }],
    });
  expect(found(withEnd('2028-01-01T00:00:00Z'))).toEqual([]);
  expect(found(withEnd('2026-12-01T00:00:00Z'))).toMatchObject([{ why: 'reachability.https' }]);
});

it('checks lane A if any part of it changes, because it is then probed as well', () => {
  const listeners = [testListener('lb-cvm', https), testListener('lb-scf')];
  const moves = [testRecord(11, 'shop', '127.77.1.9'), testRecord(12, 'flash', '127.77.1.1')];
  expect(found(testEstate({ listeners, records: moves }))).toMatchObject([
    { status: 'warn', field: 'routes.0.listenerId' },
  ]);
  expect(found(testEstate({ listeners }))).toEqual([]);
});
