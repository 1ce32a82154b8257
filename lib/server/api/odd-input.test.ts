import { describe, expect, it } from 'vitest';
import { findDefinition } from '@/lib/server/definitions';
import { parseInput } from '@/lib/server/parse-input';
import { listPathParams } from './input-schema';
import { operations } from './operations';
import type { Operation } from './operations/operation';
import { readInput } from './read-input';

/*
 * A schema that throws, instead of refusing a value, answers with a failure of the server. It happens where a check of
 * several fields calculates with one that another check has refused: Zod continues after a refused value, unless the
 * refusal says `abort`.
 */

/** Values of other types, at the ends of their ranges, and texts that are almost a date, an address or a pattern. */
const oddValues: readonly unknown[] = [
  null,
  true,
  -1,
  0.5,
  1e308,
  Number.MAX_SAFE_INTEGER,
  '',
  ' ',
  ':'.repeat(60_000),
  '['.repeat(60_000),
  '0000-00-00',
  '0000-01-01',
  '2026-02-30',
  '9999-12-31',
  '+275760-09-14T00:00:00.000Z',
  '9999-12-31T23:59:59.999Z',
  '999.999.999.999:99999',
  '[::1%25]:0',
  'http://[',
  '%',
  '__proto__',
  'constructor',
  [],
  ['constructor', null],
  {},
  { kind: '__proto__' },
];

/** Returns the places of a value and of all that is in it. */
function listPlaces(value: unknown, place: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [place];
  return [place, ...Object.entries(value).flatMap(([name, member]) => listPlaces(member, [...place, name]))];
}

/** Returns a copy of a value with another one at a place. */
function putAt(value: unknown, [name, ...rest]: readonly string[], odd: unknown): unknown {
  if (name === undefined) return odd;
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value)
    ? [...value]
    : { ...(value as object) };
  return Object.assign(copy, { [name]: putAt(Reflect.get(copy, name), rest, odd) });
}

const schemaOf = (operation: Operation) => operation.input ?? findDefinition(operation.name)?.schema ?? null;

describe('a value that is odd in one place', () => {
  it.each(operations.filter((each) => each.example !== undefined && each.file === undefined))(
    'is refused or accepted by $name, which never fails',
    (operation) => {
      const schema = schemaOf(operation);
      const path = Object.fromEntries(
        listPathParams(operation).map((name) => [name, name === 'kind' ? 'sandbox' : '1']),
      );
      for (const place of listPlaces(operation.example)) {
        for (const odd of oddValues) {
          const body = putAt(operation.example, place, odd);
          const read = () => {
            const input = readInput(operation, { path, query: new URLSearchParams(), body });
            return input.ok && schema !== null ? parseInput(schema, input.value).ok : input.ok;
          };
          expect(read, `${place.join('.')}: ${JSON.stringify(odd).slice(0, 60)}`).not.toThrow();
        }
      }
    },
  );
});

describe('a body that is no file', () => {
  it.each(operations.filter((each) => each.file !== undefined))('is refused by $name', async (operation) => {
    for (const none of [undefined, null, 1, {}])
      expect(await operation.run(none)).toEqual({
        ok: false,
        error: { fields: {}, form: { message: 'input.noFile' } },
      });
  });
});
