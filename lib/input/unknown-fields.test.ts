import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { findUnknownFields } from './unknown-fields';

const find = (schema: z.ZodType, value: unknown) =>
  findUnknownFields(schema, value).map(({ path, nearest }) => [path.join('.'), nearest]);

const Route = z.discriminatedUnion('to', [
  z.object({ to: z.literal('cvm'), targets: z.array(z.object({ port: z.int() })).max(2) }),
  z.object({ to: z.literal('function'), provisioned: z.int().nullable().default(null) }).readonly(),
]);
const Intent = z
  .object({
    name: z.string(),
    expectedPeakRps: z.int().nullable().default(null),
    routes: z.array(Route),
    rule: z.union([z.object({ url: z.string() }), z.object({ ruleId: z.string() })]).optional(),
    notes: z.record(z.string(), z.object({ text: z.string() })).optional(),
  })
  .refine(() => true);

describe('a field that the schema does not have', () => {
  it('is found at any depth, with the nearest known one', () => {
    const value = {
      name: 'sale',
      expectedPeekRps: 4,
      t0: 'now',
      routes: [
        { to: 'function', provisionned: 3 },
        { to: 'cvm', targets: [{ prot: 80 }] },
      ],
      rule: { url: '/', ruleID: 'loc-1' },
      notes: { first: { txt: 'x' } },
    };
    expect(find(Intent, value)).toEqual([
      ['expectedPeekRps', 'expectedPeakRps'],
      ['t0', null],
      ['routes.0.provisionned', 'provisioned'],
      ['routes.1.targets.0.prot', null],
      ['rule.ruleID', null],
      ['notes.first.txt', 'text'],
    ]);
  });

  it('is found where the value is not valid otherwise', () => {
    expect(find(Intent, { routes: [{ to: 'cvm', provisioned: 3 }] })).toEqual([
      ['routes.0.provisioned', null],
    ]);
    expect(find(Intent, { routes: 'none', nam: '' })).toEqual([['nam', 'name']]);
    for (const odd of [null, 1, 'x', [], { routes: [null, 1] }]) expect(find(Intent, odd)).toEqual([]);
  });

  it('is not looked for in a list that is longer than its schema allows, which is refused anyway', () => {
    const list = z.array(z.object({})).max(2).readonly();
    expect(find(list, [{ a: 1 }, {}])).toEqual([['0.a', null]]);
    expect(find(list, [{ a: 1 }, {}, {}])).toEqual([]);
  });

  it('is not one of an object that takes any field', () => {
    expect(find(z.looseObject({ a: z.object({}) }), { b: 1, a: { c: 1 } })).toEqual([['a.c', null]]);
    expect(find(z.unknown(), { b: 1 })).toEqual([]);
  });

  it('is one of its own if an object has the name by default', () => {
    expect(find(z.object({}), JSON.parse('{"__proto__":1,"constructor":2}'))).toEqual([
      ['__proto__', null],
      ['constructor', null],
    ]);
  });
});
