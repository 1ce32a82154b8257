import { describe, expect, it } from 'vitest';
import { testBound, testEstate, testRule, testTarget } from '@/testing/plan/test-estate';
import { prefill } from './prefill';

const estate = testEstate({
  rules: [
    testRule('loc-shop', 'lb-cvm', 'shop.example.co.id', { targets: [testTarget()] }),
    testRule('loc-sale', 'lb-scf', 'flash.example.co.id', { functions: [testBound] }),
  ],
});
const asked = { connection: 'test', kind: null, domain: null, rule: null, function: null, field: null };
const ask = (change: Partial<Record<keyof typeof asked, string>>) =>
  prefill(estate, { ...asked, ...change }, (kind) => `New ${kind}`);

describe('the prefill from an address', () => {
  it('is an empty Split if the address requests nothing', () => {
    const { draft, notes, isFilled } = ask({});
    expect({ kind: draft.kind, notes, isFilled }).toEqual({ kind: 'split', notes: [], isFilled: false });
  });

  it('starts the CVM side with a rule that serves CVM targets', () => {
    const { draft } = ask({ rule: 'loc-shop', domain: 'shop.example.co.id' });
    expect(draft.routes[0]).toMatchObject({
      domain: 'shop.example.co.id',
      loadBalancerId: 'lb-cvm',
      listenerId: 'lbl-lb-cvm',
      rule: { kind: 'existing', ruleId: 'loc-shop' },
    });
    expect(draft.routes[1]?.domain).toBe('');
  });

  it('starts the function side with a rule that binds a function, and includes that function', () => {
    const { draft } = ask({ rule: 'loc-sale' });
    expect(draft.routes[1]).toMatchObject({
      domain: 'flash.example.co.id',
      rule: { kind: 'existing', ruleId: 'loc-sale' },
      function: { region: 'ap-singapore', namespace: 'flash', name: 'storefront', qualifier: '1' },
    });
  });

  it('publishes a function, by its newest version unless it names one', () => {
    const storefront = 'ap-singapore/flash/storefront';
    const { draft, notes, isFilled } = ask({ kind: 'access', function: storefront });
    const choice = { region: 'ap-singapore', namespace: 'flash', name: 'storefront', qualifier: '1' };
    expect(draft.routes).toMatchObject([{ to: 'function', domain: '', function: choice }]);
    expect({ notes, isFilled }).toEqual({ notes: [], isFilled: true });
    const named = ask({ kind: 'access', function: `${storefront}:$LATEST`, domain: 'shop.example.co.id' });
    expect(named.draft.routes).toMatchObject([
      { domain: 'shop.example.co.id', function: { ...choice, qualifier: '$LATEST' } },
    ]);
    expect(ask({ function: storefront }).draft.routes[0]).not.toHaveProperty('function');
    const gone = ask({ kind: 'access', function: 'ap-singapore/flash/gone' });
    expect(gone.notes).toMatchObject([{ message: 'unknownFunction' }]);
    expect(gone.isFilled).toBe(false);
  });

  it('routes any rule to a function in an Access, and uses one domain on both sides of a Switch', () => {
    expect(ask({ kind: 'access', rule: 'loc-shop' }).draft.routes).toMatchObject([
      { to: 'function', rule: { kind: 'existing', ruleId: 'loc-shop' } },
    ]);
    const { draft } = ask({ kind: 'switch', rule: 'loc-shop' });
    expect(draft.routes.map(({ domain }) => domain)).toEqual(['shop.example.co.id', 'shop.example.co.id']);
  });

  it('keeps available parts and reports the others', () => {
    const { draft, notes } = ask({
      kind: 'merge',
      rule: 'loc-gone',
      domain: 'shop.example.co.id',
      connection: 'no',
    });
    expect(notes.map(({ message }) => message)).toEqual(['unknownConnection', 'unknownKind', 'unknownRule']);
    expect(draft.routes[1]?.domain).toBe('shop.example.co.id');
  });
});
