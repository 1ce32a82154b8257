import { describe, expect, it } from 'vitest';
import type { ObjectState, RuleRef } from '@/lib/estate/object';
import { stops } from '@/lib/preflight/model/stops';
import {
  testEstate,
  testRecord,
  testRule,
  testSplit,
  testSwitch,
  testTarget,
} from '@/testing/plan/test-estate';
import { preflight } from './preflight';

/* A plan that restores single objects of a diversion: its checks cover what it does, not the whole diversion. */

const bound = (name: string) => ({
  namespace: 'flash',
  name,
  qualifier: '1',
  qualifierType: 'VERSION',
  weight: 10,
});
const rule = {
  kind: 'rule',
  region: 'ap-singapore',
  loadBalancerId: 'lb-scf',
  listenerId: 'lbl-lb-scf',
  domain: 'flash.example.co.id',
  url: '/',
} as RuleRef;
const state = { kind: 'rule', exists: true, targets: [], functions: [bound('storefront')] } as ObjectState;
const restores = [{ object: rule, state }];
/** Returns an estate where the Split is applied and the bindings of its rule have drifted. */
const estateWith = (change: object) =>
  testEstate({
    rules: [...testEstate().rules, testRule('loc-b', 'lb-scf', 'flash.example.co.id', change)],
    records: [testRecord(11, 'shop', '127.77.1.1'), testRecord(12, 'flash', '127.77.1.2')],
  });
const found = (change: object, given: object = { restores }) =>
  preflight({ estate: estateWith(change), diversion: testSplit(), ...given });

describe('preflight of a restore', () => {
  it.each([
    ['another function', { functions: [bound('other')] }, 'one-function'],
    ['targets', { targets: [testTarget()] }, 'rule-free'],
  ])('is not blocked by %s that it removes first', (_name, change, check) => {
    expect(found(change, {}).filter(stops)).toMatchObject([{ check }]);
    expect(found(change).filter(stops)).toEqual([]);
  });

  it('is not blocked by a weight that it restores', () => {
    const flash = (weight: number | null, value: string) =>
      testRecord(value === '127.77.1.1' ? 12 : 13, 'flash', value, { weight });
    const estate = testEstate({ records: [flash(50, '127.77.1.1'), flash(null, '127.77.1.2')] });
    const set = {
      kind: 'recordSet',
      zone: 'example.co.id',
      subdomain: 'flash',
      lineId: '0',
      line: '默认',
    } as const;
    const records = ['127.77.1.1', '127.77.1.2'].map((value) => ({
      type: 'A',
      value,
      ttlS: 60,
      weight: 50,
      enabled: true,
    }));
    const given = { estate, diversion: testSwitch({ ramp: [50] }) };
    const stopping = (input: Parameters<typeof preflight>[0]) =>
      preflight(input)
        .filter(stops)
        .map(({ why }) => why);
    expect(stopping(given)).toContain('switch-dns.mixedWeights');
    const restores = [{ object: set, state: { kind: 'recordSet' as const, records } }];
    expect(stopping({ ...given, restores })).not.toContain('switch-dns.mixedWeights');
  });

  it('requires the permissions for its own calls', () => {
    const asked = found({ functions: [bound('other')] }).filter(({ check }) => check === 'permissions');
    expect(asked).toMatchObject([{ objects: ['clb:DescribeTaskStatus', 'clb:ModifyFunctionTargets'] }]);
  });

  it('is blocked by findings that block its diversion', () => {
    const estate = { ...estateWith({ functions: [] }), functions: [] };
    const stopped = preflight({ estate, diversion: testSplit(), restores }).filter(stops);
    expect(stopped.map(({ check }) => check)).toContain('function-ready');
  });
});
