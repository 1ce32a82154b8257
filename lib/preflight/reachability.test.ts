import { expect, it } from 'vitest';
import { testEstate, testListener, testRecord, testSplit } from '@/lib/plan/test-estate';
import { preflight } from './preflight';
import { probesOf } from './probes-of';

const laneB = testEstate({
  listeners: [
    testListener('lb-cvm'),
    testListener('lb-scf', { protocol: 'HTTPS', port: 443 }),
    testListener('lb-scf', { id: 'lbl-quic', protocol: 'QUIC', port: 443 }),
    testListener('lb-scf', { id: 'lbl-web' }),
  ],
});
const laneAListeners = [testListener('lb-cvm', { protocol: 'HTTPS', port: 443 }), testListener('lb-scf')];

const found = (kind: 'sandbox' | 'tencent', estate = laneB) =>
  preflight({ estate, diversion: testSplit(), probes: probesOf({ kind }) }).filter(
    (f) => f.check === 'reachability' && f.status !== 'pass',
  );

it('refuses HTTPS in the sandbox, where nothing answers it, and offers the HTTP listener', () => {
  expect(found('sandbox')).toMatchObject([
    { status: 'block', why: 'reachability.noHttps', fix: { patch: { value: 'lbl-web' } } },
  ]);
});

it('warns of the certificate in a real account', () => {
  expect(found('tencent')).toMatchObject([{ status: 'warn', why: 'reachability.https' }]);
});

it('looks at lane A if something of it changes, because then it is asked as well', () => {
  const moves = [testRecord(11, 'shop', '127.77.1.9'), testRecord(12, 'flash', '127.77.1.1')];
  expect(found('sandbox', testEstate({ listeners: laneAListeners, records: moves }))).toMatchObject([
    { status: 'block', field: 'laneA.listenerId' },
  ]);
  expect(found('sandbox', testEstate({ listeners: laneAListeners }))).toEqual([]);
});
