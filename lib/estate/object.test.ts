import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ObjectState } from './object';
import { sameState } from './object-state';

const name = fc.constantFrom('a', 'b', 'c');
const weight = fc.constantFrom(null, 0, 10);

const ruleState: fc.Arbitrary<ObjectState> = fc.record({
  kind: fc.constant('rule' as const),
  exists: fc.boolean(),
  targets: fc.uniqueArray(
    fc.record({ instanceId: name, port: fc.constantFrom(80, 81), weight: fc.nat(100) }),
    {
      selector: (t) => `${t.instanceId}:${t.port}`,
    },
  ),
  functions: fc.uniqueArray(
    fc.record({
      namespace: name,
      name,
      qualifier: name,
      qualifierType: fc.constantFrom(null, 'VERSION' as const, 'ALIAS' as const),
      weight: fc.nat(100),
    }),
    { selector: (f) => `${f.namespace}/${f.name}:${f.qualifier}` },
  ),
});

const recordSetState: fc.Arbitrary<ObjectState> = fc.record({
  kind: fc.constant('recordSet' as const),
  records: fc.uniqueArray(
    fc.record({
      type: fc.constantFrom('A', 'CNAME'),
      value: name,
      ttlS: fc.nat(600),
      weight,
      enabled: fc.boolean(),
    }),
    { selector: (r) => `${r.type} ${r.value}` },
  ),
});

const anyState = fc.oneof(ruleState, recordSetState);

/** Returns the same value as a database or another program may return it: fields and lists in reverse order. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned).reverse();
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, turned(inner)]),
  );
}

describe('sameState', () => {
  it('property: ignores the order of fields and of lists', () => {
    fc.assert(fc.property(anyState, (state) => sameState(state, turned(state) as ObjectState)));
  });

  it('property: treats a changed weight as a change, except that 0 and none are equal', () => {
    fc.assert(
      fc.property(weight, weight, (a, b) => {
        const state = (w: number | null): ObjectState => ({
          kind: 'recordSet',
          records: [{ type: 'A', value: '127.0.0.1', ttlS: 60, weight: w, enabled: true }],
        });
        expect(sameState(state(a), state(b))).toBe((a || null) === (b || null));
      }),
    );
  });

  it('distinguishes a bound function from another version of it', () => {
    const bound = (qualifier: string): ObjectState => ({
      kind: 'rule',
      exists: true,
      targets: [],
      functions: [
        { namespace: 'flash', name: 'storefront', qualifier, qualifierType: 'VERSION', weight: 10 },
      ],
    });
    expect(sameState(bound('1'), bound('2'))).toBe(false);
  });
});
