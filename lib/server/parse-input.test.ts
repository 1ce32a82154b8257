import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseInput } from './parse-input';

const root = fileURLToPath(new URL('../..', import.meta.url));
const tooLarge = { ok: false, error: { fields: {}, form: { message: 'input.tooLarge' } } };

function nest(depth: number): unknown {
  let value: unknown = 1;
  for (let at = 0; at < depth; at += 1) value = [value];
  return value;
}

describe('the input of an action', () => {
  it('property: is refused at each field whose text can’t be stored, with any schema', () => {
    const odd = fc.constantFrom('\0', '\ud800', 'x\udfff');
    fc.assert(
      fc.property(odd, odd, (first, second) => {
        const input = { name: first, list: ['fine', { reason: second }] };
        const fields = { name: ['text.unstorable'], 'list.1.reason': ['text.unstorable'] };
        expect(parseInput(z.unknown(), input)).toEqual({ ok: false, error: { fields, form: null } });
      }),
    );
  });

  it.each([
    ['too deep', nest(1000)],
    ['too wide', Array.from({ length: 5001 }, () => 0)],
    ['too much', Array.from({ length: 20 }, () => Array.from({ length: 3000 }, () => 0))],
  ])('is refused as a whole if it is %s', (_what, input) => {
    expect(parseInput(z.unknown(), input)).toEqual(tooLarge);
  });

  it('is refused with a field that the schema does not have, at any depth, with the nearest one', () => {
    const schema = z.object({ cutover: z.object({ provisioned: z.number().optional() }) });
    const unknownField = (values: object) => ({
      ok: false,
      error: { fields: {}, form: { message: 'input.unknownField', values } },
    });
    expect(parseInput(schema, { cutover: { provisionned: 3 } })).toEqual(
      unknownField({ field: 'cutover.provisionned', nearest: 'provisioned' }),
    );
    expect(parseInput(schema, { cutover: {}, colour: 'red' })).toEqual(
      unknownField({ field: 'colour', nearest: 'none' }),
    );
    expect(parseInput(schema, { cutover: {}, colour: 'red' }, true)).toEqual({
      ok: true,
      value: { cutover: {} },
    });
  });

  it('reports at most fifty errors', () => {
    const answer = parseInput(
      z.array(z.string()),
      Array.from({ length: 5000 }, () => 0),
    );
    expect(Object.keys(answer.ok ? {} : answer.error.fields)).toHaveLength(50);
  });
});

describe('every server action', async () => {
  const folder = join(root, 'lib/server');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => join(folder, name))
    .filter((file) => readFileSync(file, 'utf8').startsWith("'use server';"));
  const modules: Record<string, (input: unknown) => Promise<unknown>>[] = await Promise.all(
    files.map((file) => import(file)),
  );
  const actions = modules.flatMap(Object.entries);

  it('is found', () => {
    expect(actions.length).toBeGreaterThan(20);
  });

  // Without a database: the limits are checked first.
  it.each(actions)('%s checks limits and text first', async (_name, action) => {
    expect(await action(Array.from({ length: 5001 }, () => 0))).toEqual(tooLarge);
    expect(await action('a\0b')).toEqual({
      ok: false,
      error: { fields: { input: ['text.unstorable'] }, form: null },
    });
  });
});
