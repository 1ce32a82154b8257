import fc from 'fast-check';
import { expect, test } from 'vitest';
import { requestOfFlat } from './flat-parameters';

const route = { service: 'clb', action: 'CreateRule' } as const;

function flat(value: unknown, prefix = ''): [string, string][] {
  if (typeof value !== 'object' || value === null) return [[prefix, String(value)]];
  return Object.entries(value).flatMap(([name, inner]) =>
    flat(inner, prefix === '' ? name : `${prefix}.${name}`),
  );
}

const text = fc.string({ minLength: 1, maxLength: 8 });
const request = fc.record({
  LoadBalancerId: text,
  ListenerId: text,
  Rules: fc.array(
    fc.record({
      Url: text,
      Domains: fc.array(text, { minLength: 1, maxLength: 12 }),
      SessionExpireTime: fc.integer(),
      Http2: fc.boolean(),
      HealthCheck: fc.record({ HttpCheckPath: text, TimeOut: fc.nat() }),
    }),
    { minLength: 1, maxLength: 12 },
  ),
});

test('restores flattened parameters with their types', () => {
  fc.assert(
    fc.property(request, (given) => {
      expect(requestOfFlat(route, flat(given))).toEqual(given);
    }),
  );
});

test('refuses names that are given twice, or both as a text and as a list', () => {
  const twice = [
    ['LoadBalancerId', 'a'],
    ['LoadBalancerId', 'b'],
  ] as const;
  const mixed = [
    ['Rules', 'a'],
    ['Rules.0.Url', '/'],
  ] as const;
  for (const parameters of [twice, mixed, [...mixed].reverse()]) {
    expect(() => requestOfFlat(route, parameters)).toThrow('is given twice');
  }
});

test('treats names that are special in JavaScript like other names', () => {
  requestOfFlat(route, [['__proto__.polluted', 'yes']]);
  expect({}).not.toHaveProperty('polluted');
});

test('refuses too many parameters, and names of too many parts, before building anything', () => {
  const many = Array.from({ length: 200_001 }, (_, index) => [`Rules.${index}.Url`, '/'] as const);
  expect(() => requestOfFlat(route, many)).toThrow('more than 200000 values');
  expect(() => requestOfFlat(route, [['a.'.repeat(500_000), '']])).toThrow('deeper than 32 levels');
});
