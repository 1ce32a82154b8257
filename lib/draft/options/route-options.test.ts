import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RouteDraft } from '@/lib/draft/draft';
import { optionKey, parseFunctionKey } from '@/lib/draft/function-key';
import {
  testEstate,
  testFunction,
  testInstance,
  testRecord,
  testRule,
  testTarget,
} from '@/testing/plan/test-estate';
import { functionOptions } from './answer-options';
import { domainOptions, instanceOptions, ruleOptions } from './route-options';

describe('function keys', () => {
  it('round-trip', () => {
    const part = fc.stringMatching(/^[A-Za-z0-9$_-]+$/);
    const choice = fc.record({ region: part, namespace: part, name: part, qualifier: part });
    fc.assert(
      fc.property(choice, (chosen) => {
        expect(parseFunctionKey(testEstate(), optionKey(chosen))).toEqual(chosen);
      }),
    );
  });

  it('select the newest published version by default', () => {
    const estate = testEstate({ functions: [testFunction({ versions: ['$LATEST', '3', '2'] })] });
    expect(parseFunctionKey(estate, 'ap-singapore/flash/storefront')?.qualifier).toBe('3');
  });

  it('select $LATEST if nothing is published', () => {
    const estate = testEstate({ functions: [testFunction({ versions: ['$LATEST'] })] });
    expect(parseFunctionKey(estate, 'ap-singapore/flash/storefront')?.qualifier).toBe('$LATEST');
  });

  it('are empty without a name', () => {
    expect(parseFunctionKey(testEstate(), 'ap-singapore/flash')).toBeUndefined();
    expect(parseFunctionKey(testEstate(), '')).toBeUndefined();
  });
});

it('offers the functions of the region first, published versions before $LATEST', () => {
  const functions = [testFunction({ region: 'ap-jakarta', name: 'far' }), testFunction()];
  const values = functionOptions(testEstate({ functions }), 'ap-singapore').map((o) => o.label);
  expect(values).toEqual([
    'flash/storefront:1',
    'flash/storefront:$LATEST',
    'flash/far:1',
    'flash/far:$LATEST',
  ]);
});

it('offers each name once, with its current records', () => {
  const records = [
    testRecord(1, 'shop', '127.77.1.1'),
    testRecord(2, 'shop', '127.77.1.2', { enabled: false }),
    testRecord(3, '@', 'ns.example.net', { type: 'NS' }),
  ];
  expect(domainOptions(testEstate({ records }))).toEqual([
    { value: 'shop.example.co.id', label: 'shop.example.co.id', hint: 'A 127.77.1.1' },
  ]);
});

it('offers aliases with their versions, after immutable versions, with those of $LATEST last', () => {
  const alias = (name: string, version: string) => ({ name, version, additional: null });
  const functions = [testFunction({ aliases: [alias('$DEFAULT', '$LATEST'), alias('live', '1')] })];
  const options = functionOptions(testEstate({ functions }), 'ap-singapore');
  expect(options.map(({ label }) => label.split(':')[1])).toEqual([
    ...['1', 'live → 1', '$LATEST', '$DEFAULT → $LATEST'],
  ]);
  expect(options[1]?.value).toBe('ap-singapore/flash/storefront:live');
});

describe('the rules of a listener', () => {
  const chosen = { listenerId: 'lbl-lb-scf', domain: 'flash.example.co.id' } as const;
  const fresh = { kind: 'new', url: '/', certificateId: null } as const;
  const rules = [
    testRule('loc-other', 'lb-scf', 'a.example.co.id'),
    testRule('loc-empty', 'lb-scf', 'flash.example.co.id'),
    testRule('loc-cvm', 'lb-scf', 'flash.example.co.id', { url: '/cvm', targets: [testTarget()] }),
  ];
  const problems = (to: 'cvm' | 'function', rule: RouteDraft['rule'] = fresh) =>
    ruleOptions(testEstate({ rules }), { ...chosen, to, rule }).map(({ value, problem }) => [value, problem]);

  it('are offered with the reason why they can’t serve', () => {
    expect(problems('function')).toEqual([
      ['loc-other', 'otherDomain'],
      ['loc-empty', undefined],
      ['loc-cvm', 'hasTargets'],
    ]);
    expect(problems('cvm').filter(([, problem]) => problem === undefined)).toHaveLength(2);
  });

  it('can serve if the function replaces the targets', () => {
    expect(problems('function', { kind: 'swap', ruleId: 'loc-cvm' })).toContainEqual(['loc-cvm', undefined]);
  });
});

it('offers the instances of a region, with the reason why one can’t be added', () => {
  const instance = (id: string, more: object = {}) => testInstance({ id, ...more });
  const estate = testEstate({
    instances: [
      instance('ins-1'),
      instance('ins-2', { state: 'STOPPED' }),
      instance('ins-3'),
      instance('ins-far', { region: 'ap-jakarta' }),
    ],
  });
  expect(
    instanceOptions(estate, 'ap-singapore', ['ins-3']).map(({ value, problem }) => [value, problem]),
  ).toEqual([
    ['ins-1', undefined],
    ['ins-2', 'notRunning'],
    ['ins-3', 'alreadyBound'],
  ]);
});
