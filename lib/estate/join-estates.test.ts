import { describe, expect, it } from 'vitest';
import {
  testEstate,
  testFunction,
  testListener,
  testLoadBalancer,
  testRecord,
  testRule,
} from '@/lib/plan/test-estate';
import { ConnectionId } from './ids';
import { accountOf, joinEstates } from './join-estates';
import { findFunction } from './look-up';

const zone = (name: string) => ({ id: 7, name, enabled: true, delegated: true, grade: 'DP_ULTRA' });
const other = testEstate({
  connectionId: 'other',
  takenAt: '2026-12-11T14:00:00.000Z',
  account: { uin: '100000000002', networkAccountType: 'LEGACY' },
  loadBalancers: [testLoadBalancer('lb-far')],
  listeners: [testListener('lb-far')],
  rules: [testRule('loc-far', 'lb-far', 'far.example.co.id')],
  zones: [zone('example.co.id'), zone('example.net')],
  records: [
    testRecord(11, 'shop', '127.77.9.9'),
    { ...testRecord(21, 'far', '127.77.9.1'), zone: 'example.net' },
  ],
  functions: [testFunction({ memoryMb: 512 })],
  instances: [],
  regions: ['ap-tokyo'],
  gaps: [{ part: 'cam', reason: 'denied' }],
});
const own = testEstate();
const joined = joinEstates(own, [other]);
const far = { connectionId: ConnectionId.parse('other') };

describe('estates joined', () => {
  it('are as they were where there is but one', () => {
    expect(joinEstates(own, [])).toBe(own);
  });

  it('say whose a thing is, where it is not of the first', () => {
    expect(joined.loadBalancers.map(({ id, connectionId }) => [id, connectionId])).toEqual([
      ['lb-cvm', undefined],
      ['lb-scf', undefined],
      ['lb-far', 'other'],
    ]);
    expect(joined.regions).toEqual(['ap-singapore', 'ap-jakarta', 'ap-tokyo']);
    expect(joined.takenAt).toBe(other.takenAt);
    expect(joined.gaps).toEqual(other.gaps);
  });

  it('look functions of one name up by account', () => {
    const key = { region: 'ap-singapore', namespace: 'flash', name: 'storefront' };
    expect(findFunction(joined, key)?.memoryMb).toBe(128);
    expect(findFunction(joined, { ...key, ...far })?.memoryMb).toBe(512);
  });

  it('leave out a zone that the first has, with its records', () => {
    expect(joined.zones.map(({ name, connectionId }) => [name, connectionId])).toEqual([
      ['example.co.id', undefined],
      ['example.net', 'other'],
    ]);
    expect(joined.records.map(({ id }) => id)).toEqual([11, 12, 21]);
  });

  it('know the account of each thing', () => {
    expect(accountOf(joined, {}).account.uin).toBe('100000000001');
    expect(accountOf(joined, far).account.networkAccountType).toBe('LEGACY');
  });
});
