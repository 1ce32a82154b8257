import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isStorableText, storable, storableText } from './outside-text';

/** Any UTF-16, including halves of surrogate pairs and NUL. */
const anyText = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
});
const oddText = fc.oneof(anyText, fc.constantFrom('\0', '\ud800', '\udc00x', 'a\0b\ud83d'));
const anyJson = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    oddText,
    fc.constantFrom(null, true, 7),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(oddText, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

function texts(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, field]) => [
    ...(Array.isArray(value) ? [] : [name]),
    ...texts(field),
  ]);
}

describe('external text', () => {
  it('property: is storable after replacement, has the same length, and is unchanged if it was storable', () => {
    fc.assert(
      fc.property(oddText, (text) => {
        const made = storableText(text);
        expect(isStorableText(made)).toBe(true);
        expect(made).toHaveLength(text.length);
        // A strict UTF-8 round trip preserves it.
        expect(Buffer.from(made, 'utf8').toString('utf8')).toBe(made);
        if (isStorableText(text)) expect(made).toBe(text);
      }),
    );
  });

  it('replaces invalid characters visibly', () => {
    expect(storableText('a\0b\ud800c😀')).toBe('a\uFFFDb\uFFFDc😀');
  });

  it('property: every string and every field name of a value is storable after replacement, and the rest is unchanged', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        const made = storable(value);
        expect(texts(made).every(isStorableText)).toBe(true);
        if (texts(value).every(isStorableText)) expect(made).toBe(value);
      }),
    );
  });
});
