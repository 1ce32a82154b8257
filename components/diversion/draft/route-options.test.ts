import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { optionKey, parseFunctionKey } from '@/lib/draft/function-key';
import { testEstate, testFunction, testRecord, testRule } from '@/testing/plan/test-estate';
import { functionOptions } from './function-options';
import { domainOptions, ruleOptions } from './route-options';

describe('function keys', () => {
  it('encode a choice and parse back to it', () => {
    const part = fc.stringMatching(/^[A-Za-z0-9$_-]+$/);
    const choice = fc.record({ region: part, namespace: part, name: part, qualifier: part });
    fc.assert(
      fc.property(choice, (chosen) => {
        expect(parseFunctionKey(testEstate(), optionKey(chosen))).toEqual(chosen);
      }),
    );
  });

  it('mean the newest published version when they name none', () => {
    const estate = testEstate({ functions: [testFunction({ versions: ['$LATEST', '3', '2'] })] });
    expect(parseFunctionKey(estate, 'ap-singapore/flash/storefront')?.qualifier).toBe('3');
  });

  it('mean $LATEST when nothing is published', () => {
    const estate = testEstate({ functions: [testFunction({ versions: ['$LATEST'] })] });
    expect(parseFunctionKey(estate, 'ap-singapore/flash/storefront')?.qualifier).toBe('$LATEST');
  });

  it('are nothing without a name', () => {
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

it('offers aliases with their versions: after immutable ones, those of $LATEST last', () => {
  const alias = (name: string, version: string) => ({ name, version, additional: null });
  const functions = [testFunction({ aliases: [alias('$DEFAULT', '$LATEST'), alias('live', '1')] })];
  const options = functionOptions(testEstate({ functions }), 'ap-singapore');
  expect(options.map(({ label }) => label.split(':')[1])).toEqual([
    ...['1', 'live → 1', '$LATEST', '$DEFAULT → $LATEST'],
  ]);
  expect(options[1]?.value).toBe('ap-singapore/flash/storefront:live');
});

it('offers the rules of a domain, and the chosen rule whatever its domain', () => {
  const rules = [
    testRule('loc-own', 'lb-scf', 'flash.example.co.id'),
    testRule('loc-wild', 'lb-scf', '*.example.co.id'),
    testRule('loc-other', 'lb-scf', 'shop.example.co.id'),
  ];
  const options = ruleOptions(testEstate({ rules }), {
    listenerId: 'lbl-lb-scf',
    domain: 'flash.example.co.id',
    rule: { kind: 'existing', ruleId: 'loc-wild' },
  });
  expect(options.map(({ value }) => value).sort()).toEqual(['loc-own', 'loc-wild']);
});
