import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DomainName } from '@/lib/diversion/names';
import { parseNames } from './parse-names';

const label = fc
  .stringMatching(/^[a-z0-9]([a-z0-9-]{0,6}[a-z0-9])?$/)
  .filter((text) => !text.startsWith('xn--') && text.slice(2, 4) !== '--');
const name = fc
  .tuple(label, label, fc.constantFrom('com', 'co.id', 'example.net'))
  .map((parts) => parts.join('.'));
const waves = fc.uniqueArray(name, { minLength: 1, maxLength: 20 }).chain((names) =>
  fc.array(fc.boolean(), { minLength: names.length, maxLength: names.length }).map((starts) => {
    const lists: string[][] = [];
    names.forEach((each, nth) => {
      const open = lists.at(-1);
      if (open === undefined || (starts[nth] && lists.length < 10)) lists.push([each]);
      else open.push(each);
    });
    return lists;
  }),
);

/** The ways in which a name is written in a pasted list. */
const spelling = fc.constantFrom(
  (text: string) => text,
  (text: string) => text.toUpperCase(),
  (text: string) => `${text}.`,
  (text: string) => `https://${text}/sale?from=mail#top`,
  (text: string) => `${text}:8443`,
  (text: string) => `${text}/cart`,
);
const separator = fc.constantFrom('\n', '\r\n', ', ', ' ', '\t', ';', '\n# a comment\n', ' # later\n');
const border = fc.constantFrom('\n\n', '\n \t\n', '\n# wave 2\n', '\n\n# Wave: the rest\n', '\n\n\n');

describe('a pasted list of names', () => {
  it('results in the same waves in any format', () => {
    fc.assert(
      fc.property(
        waves,
        fc.infiniteStream(spelling),
        fc.infiniteStream(separator),
        border,
        (lists, spell, sep, gap) => {
          const write = (text: string) => spell.next().value(text);
          const text = lists
            .map((names) => names.map((each) => `${write(each)}${sep.next().value}`).join(''))
            .join(gap);
          expect(parseNames(text)).toEqual({ waves: lists, rejected: [] });
        },
      ),
    );
  });

  it('parses each entry as a valid name or reports its line and the reason, for any input', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        const { waves: lists, rejected } = parseNames(text);
        const names = lists.flat();
        expect(new Set(names).size).toBe(names.length);
        for (const each of names) expect(DomainName.safeParse(each)).toEqual({ success: true, data: each });
        const lines = text.split(/\r\n|\r|\n/);
        for (const { line, text: entry } of rejected) expect(lines[line - 1]).toContain(entry);
        expect(lists.every((list) => list.length > 0)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('reports rejected entries by line', () => {
    const { waves: lists, rejected } = parseNames(
      ['shop.example.com', 'foo_bar.example.com 203.0.113.7', '', 'SHOP.example.com.', 'localhost'].join(
        '\n',
      ),
      ['known.example.com'],
    );
    expect(lists).toEqual([['shop.example.com']]);
    expect(rejected).toEqual([
      { nth: 1, line: 2, text: 'foo_bar.example.com', why: 'invalid' },
      { nth: 2, line: 2, text: '203.0.113.7', why: 'isAddress' },
      { nth: 3, line: 4, text: 'SHOP.example.com.', why: 'twice' },
      { nth: 4, line: 5, text: 'localhost', why: 'invalid' },
    ]);
    expect(parseNames('known.example.com', ['known.example.com']).rejected[0]?.why).toBe('twice');
    expect(parseNames(`${'a'.repeat(64)}.example.com`).rejected[0]?.why).toBe('tooLong');
  });

  it('converts internationalized names to their DNS form', () => {
    expect(parseNames('bücher.example.com, https://例え.example.com/x').waves).toEqual([
      ['xn--bcher-kva.example.com', 'xn--r8jz45g.example.com'],
    ]);
  });

  it('rejects entries above the size limit, and never truncates a name', () => {
    const comment = `# ${'x'.repeat(19_970)}\n`;
    const text = `${comment}shop.example.com pay.example.co.id\nnews.example.com`;
    expect(text.slice(0, 20_000)).toMatch(/pay\.example\.c?o?$|pay\.exam\w*$/);
    const { waves: lists, rejected } = parseNames(text);
    expect(lists).toEqual([['shop.example.com']]);
    expect(rejected).toEqual([{ nth: 1, line: 2, text: 'pay.example.co.id', why: 'listTooLong' }]);
    const whole = `https://shop.example.com/${'a'.repeat(20_000)}`;
    expect(parseNames(whole)).toMatchObject({ waves: [], rejected: [{ line: 1, why: 'listTooLong' }] });
    // Only space is left over.
    expect(parseNames(`shop.example.com${' \n'.repeat(10_000)}`).rejected).toEqual([]);
  });

  it('stops at the limits of a diversion', () => {
    const list = (count: number) => Array.from({ length: count }, (_, nth) => `n${nth}.example.com`);
    const many = parseNames(list(52).join('\n'));
    expect(many.waves[0]).toHaveLength(50);
    expect(many.rejected.map(({ line, why }) => [line, why])).toEqual([
      [51, 'tooManyNames'],
      [52, 'tooManyNames'],
    ]);
    const apart = parseNames(list(11).join('\n\n'));
    expect(apart.waves).toHaveLength(10);
    expect(apart.rejected).toMatchObject([{ line: 21, why: 'tooManyWaves' }]);
  });
});
