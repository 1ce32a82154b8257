import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toCsv } from './bindings-csv';

/** Parses CSV by the grammar of RFC 4180. */
function parse(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (let at = 0; at < text.length; ) {
    let cell = '';
    if (text[at] === '"') {
      for (at += 1; ; at += 1) {
        if (text[at] !== '"') cell += text[at];
        else if (text[at + 1] === '"') {
          cell += '"';
          at += 1;
        } else break;
      }
      at += 1;
    } else while (text[at] !== ',' && text[at] !== '\r') cell += text[at++];
    row.push(cell);
    if (text[at] === ',') at += 1;
    else {
      at += 2;
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

const signs = fc.string({
  unit: fc.constantFrom('a', '"', ',', '\r', '\n', '=', '-', '+', '@', '\t', "'", '7'),
});
const table = fc.integer({ min: 1, max: 4 }).chain((width) =>
  fc.array(fc.array(fc.oneof(signs, fc.string()), { minLength: width, maxLength: width }), {
    minLength: 1,
  }),
);

describe('CSV', () => {
  it('round-trips everything except formulas', () => {
    fc.assert(
      fc.property(table, (rows) => {
        const read = parse(toCsv(rows));
        expect(read).toHaveLength(rows.length);
        for (const [y, row] of rows.entries()) {
          for (const [x, cell] of row.entries()) {
            const found = read[y]?.[x] ?? '';
            expect(found === cell || found === `'${cell}`).toBe(true);
            expect(found).not.toMatch(/^[=+\-@\t\r\n]/);
          }
        }
      }),
    );
  });

  it('ends lines as required by RFC 4180, and quotes special characters', () => {
    expect(
      toCsv([
        ['a', 'b'],
        ['say "hi"', 'x,y'],
        ['', 'two\nlines'],
      ]),
    ).toBe('a,b\r\n"say ""hi""","x,y"\r\n,"two\nlines"\r\n');
  });

  it.each(['=1+1', '+1', '-2', '@SUM(A1)', '\tx', '\r=1', '＝1', '=HYPERLINK("http://x","y")'])(
    'escapes the formula %j',
    (text) => {
      expect(parse(toCsv([[text]]))).toEqual([[`'${text}`]]);
    },
  );
});
