import { describe, expect, it } from 'vitest';
import {
  testEstate,
  testFunction,
  testListener,
  testLoadBalancer,
  testRecord,
  testRule,
} from '@/testing/plan/test-estate';
import { ConnectionId } from './ids';
import { findAccount, joinEstates } from './join-estates';
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

describe('joinEstates', () => {
  it('leaves a single estate unchanged', () => {
    expect(joinEstates(own, [])).toBe(own);
  });

  it('returns the account of an object that is not in the first estate', () => {
    expect(joined.loadBalancers.map(({ id, connectionId }) => [id, connectionId])).toEqual([
      ['lb-cvm', undefined],
      ['lb-scf', undefined],
      ['lb-far', 'other'],
    ]);
    expect(joined.regions).toEqual(['ap-singapore', 'ap-jakarta', 'ap-tokyo']);
    expect(joined.takenAt).toBe(other.takenAt);
    expect(joined.gaps).toEqual(other.gaps);
  });

  it('finds functions of the same name by account', () => {
    const key = { region: 'ap-singapore', namespace: 'flash', name: 'storefront' };
    expect(findFunction(joined, key)?.memoryMb).toBe(128);
    expect(findFunction(joined, { ...key, ...far })?.memoryMb).toBe(512);
  });

  it('omits a zone that the first estate has, with its records', () => {
    expect(joined.zones.map(({ name, connectionId }) => [name, connectionId])).toEqual([
      ['example.co.id', undefined],
      ['example.net', 'other'],
    ]);
    expect(joined.records.map(({ id }) => id)).toEqual([11, 12, 21]);
  });

  it('returns the account of each object', () => {
    expect(findAccount(joined, {}).account.uin).toBe('100000000001');
    expect(findAccount(joined, far).account.networkAccountType).toBe('LEGACY');
  });
});
