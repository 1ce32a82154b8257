import { expect, it } from 'vitest';
import { isUnread } from '@/lib/estate/gaps';
import { testEstate } from '@/testing/plan/test-estate';
import { readStoredEstate } from './stored-estate';

/** As the first version stored it. */
const old = {
  connectionId: 'test',
  takenAt: '2026-11-24T14:14:02.000Z',
  account: { uin: '1', networkAccountType: 'STANDARD' },
  regions: ['ap-singapore'],
  zones: [{ id: 1, name: 'example.co.id', enabled: true, delegated: true, grade: 'DP_ULTRA' }],
  records: [],
  loadBalancers: [],
  listeners: [],
  rules: [
    {
      id: 'loc-1',
      loadBalancerId: 'lb-1',
      listenerId: 'lbl-1',
      domain: 'shop.example.co.id',
      url: '/',
      isDefault: true,
      scheduler: 'WRR',
      quic: false,
      targetType: 'NODE',
      redirectsTo: null,
      targets: [
        { kind: 'CVM', instanceId: 'ins-1', instanceName: null, privateIp: null, port: 80, weight: 10 },
      ],
      functions: [],
    },
  ],
  functions: [],
  instances: [],
  gaps: [],
};

it('reads an old snapshot, and treats missing fields as unknown', () => {
  const estate = readStoredEstate(old);
  expect(estate).toMatchObject({
    rules: [{ domains: ['shop.example.co.id'], healthCheck: null, targets: [{ health: null }] }],
    zones: [{ minTtlS: null }],
    account: { permissions: { source: null, allowed: null } },
    clbQuotas: [],
  });
  const unread = ['ssl', 'clb-config/ap-singapore'] as const;
  expect(estate && unread.map((part) => isUnread(estate, part))).toEqual([true, true]);
});

it('one of format 2 has what it had, and no value for what it did not read', () => {
  const { scfNamespaces: _, ...stored } = testEstate();
  const [balancer] = stored.loadBalancers;
  const { bandwidthMbps: __, ...earlier } = balancer ?? { bandwidthMbps: 1 };
  const estate = readStoredEstate({ ...stored, format: 2, loadBalancers: [earlier] });
  expect(estate).toMatchObject({
    scfNamespaces: [],
    gaps: [{ part: 'vpc/ap-singapore' }, { part: 'vpc/ap-jakarta' }, { part: 'zones/ap-singapore' }, {}],
  });
  expect(estate?.loadBalancers[0]?.bandwidthMbps).toBeNull();
});

it('one of format 3 lacks nothing', () => {
  expect(readStoredEstate({ ...testEstate(), format: 3 })).toEqual(testEstate());
});

it('returns a snapshot of the current format unchanged', () => {
  const estate = testEstate();
  expect(readStoredEstate(estate)).toBe(estate);
});

it('treats a snapshot of a future version, or none, as missing', () => {
  expect(readStoredEstate({ ...testEstate(), format: 99 })).toBeNull();
  expect(readStoredEstate({ rules: 'all' })).toBeNull();
});
