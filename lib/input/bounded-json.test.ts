import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JsonLimits, parseBoundedJson } from './bounded-json';

const limits: JsonLimits = { length: 10_000_000, depth: 3, values: 10, members: 6 };

/**
 * Measures a value: its nesting depth, the number of values it holds (itself included) and the most members in one
 * container. An empty container counts as one with one member.
 */
function measure(value: unknown): { depth: number; values: number; members: number } {
  if (typeof value !== 'object' || value === null) return { depth: 0, values: 1, members: 0 };
  const inner = Object.values(value).map(measure);
  return {
    depth: 1 + Math.max(0, ...inner.map(({ depth }) => depth)),
    values:
      1 +
      Math.max(
        1,
        inner.reduce((sum, { values }) => sum + values, 0),
      ),
    members: Math.max(1, inner.length, ...inner.map(({ members }) => members)),
  };
}

describe('untrusted JSON', () => {
  it('property: parses like JSON.parse, with any strings', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        const wide = { length: text.length, depth: 1000, values: 1_000_000, members: 1_000_000 };
        expect(parseBoundedJson(text, wide)).toEqual({ ok: true, value: JSON.parse(text) });
      }),
    );
  });

  it('property: refuses exactly the texts that exceed the limits of depth or values', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const { depth, values, members } = measure(value);
        const fits = depth <= limits.depth && values <= limits.values && members <= limits.members;
        expect(parseBoundedJson(JSON.stringify(value), limits).ok).toBe(fits);
      }),
    );
  });

  it.each([
    ['three million brackets', '['.repeat(3_000_000), { kind: 'tooDeep', max: 3 }],
    ['three million braces', '{"a":'.repeat(3_000_000), { kind: 'tooLong', max: 10_000_000 }],
    ['a long list', `[${'0,'.repeat(1_000_000)}0]`, { kind: 'tooWide', max: 6 }],
    ['many short lists', `[${'[0,0],'.repeat(5)}0]`, { kind: 'tooMany', max: 10 }],
    ['a text that ends within a string', '"\\', { kind: 'notJson' }],
    ['nothing', '', { kind: 'notJson' }],
  ])('%s is refused with the limit that it exceeds', (_name, text, problem) => {
    expect(parseBoundedJson(text, limits)).toMatchObject({ ok: false, error: problem });
  });

  it('ignores brackets and commas inside a string', () => {
    expect(parseBoundedJson(JSON.stringify(`${'['.repeat(50)}\\",${','.repeat(50)}"`), limits).ok).toBe(true);
  });
});
