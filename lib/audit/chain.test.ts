import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Anchor, type ChainedEntry, entryHash, genesisHash, readAnchors, verifyChain } from './chain';

/** Chains contents as the database does. */
function chain(contents: readonly string[]): readonly ChainedEntry[] {
  const entries: ChainedEntry[] = [];
  for (const [index, content] of contents.entries()) {
    const at = new Date(index * 1000).toISOString();
    const unhashed = { seq: index + 1, at, content, previousHash: entries.at(-1)?.hash ?? genesisHash };
    entries.push({ ...unhashed, hash: entryHash(unhashed) });
  }
  return entries;
}

const getHead = (entries: readonly ChainedEntry[]): Anchor => {
  const { seq, hash } = entries.at(-1) ?? { seq: 0, hash: genesisHash };
  return { seq, hash };
};

function verify(entries: readonly ChainedEntry[], head: Anchor, anchors: readonly Anchor[] = []) {
  const verification = verifyChain(anchors);
  for (const entry of entries) verification.add(entry);
  return verification.end(head);
}

const Contents = fc.array(fc.json(), { minLength: 1, maxLength: 12 });
/** A chain with one of its entries. */
const Picked = Contents.chain((contents) =>
  fc.tuple(fc.constant(chain(contents)), fc.nat({ max: contents.length - 1 })),
);

describe('verifyChain', () => {
  it('accepts what was appended, with each of its entries as an anchor', () => {
    fc.assert(
      fc.property(fc.array(fc.json(), { maxLength: 12 }), (contents) => {
        const entries = chain(contents);
        const report = verify(entries, getHead(entries), [{ seq: 0, hash: genesisHash }, ...entries]);
        expect(report).toEqual({
          count: entries.length,
          first: entries[0] ?? null,
          last: entries.at(-1) ?? null,
          faults: [],
        });
      }),
    );
  });

  it('finds any change of an entry', () => {
    const Change = fc.oneof(
      fc.record({ content: fc.string() }),
      fc.record({ at: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()) }),
      fc.record({ seq: fc.integer({ min: 1, max: 20 }) }),
      fc.record({ hash: fc.stringMatching(/^[\da-f]{64}$/) }),
      fc.record({ previousHash: fc.stringMatching(/^[\da-f]{64}$/) }),
    );
    fc.assert(
      fc.property(Picked, Change, ([entries, index], change) => {
        const before = entries[index];
        const after = { ...before, ...change } as ChainedEntry;
        fc.pre(JSON.stringify(after) !== JSON.stringify(before));
        const changed = entries.with(index, after);
        expect(verify(changed, getHead(entries)).faults).not.toEqual([]);
      }),
    );
  });

  it('finds a changed entry whose own hash was computed again, unless it is the last', () => {
    fc.assert(
      fc.property(Picked, fc.json(), ([entries, index], content) => {
        const before = entries[index];
        fc.pre(before !== undefined && before.content !== content && index < entries.length - 1);
        if (before === undefined) return;
        const made = { ...before, content };
        const changed = entries.with(index, { ...made, hash: entryHash(made) });
        expect(verify(changed, getHead(entries)).faults).toEqual([
          { kind: 'unlinked', seq: (entries[index]?.seq ?? 0) + 1 },
        ]);
      }),
    );
  });

  it('finds a removed entry', () => {
    fc.assert(
      fc.property(Picked, ([entries, index]) => {
        const left = entries.toSpliced(index, 1);
        expect(verify(left, getHead(entries)).faults).not.toEqual([]);
        // With the head changed as well, only an anchor proves that the end is missing.
        const isEnd = index === entries.length - 1;
        expect(verify(left, getHead(left)).faults.length === 0).toBe(isEnd);
        expect(verify(left, getHead(left), [getHead(entries)]).faults).not.toEqual([]);
      }),
    );
  });

  it('finds two entries that were swapped', () => {
    fc.assert(
      fc.property(Picked, fc.nat(), ([entries, index], step) => {
        const other = (index + 1 + (step % Math.max(1, entries.length - 1))) % entries.length;
        const [a, b] = [entries[index], entries[other]];
        fc.pre(a !== undefined && b !== undefined && a !== b);
        if (a === undefined || b === undefined) return;
        expect(verify(entries.with(index, b).with(other, a), getHead(entries)).faults).not.toEqual([]);
        // Also if both only exchange what they say.
        fc.pre(a.content !== b.content);
        const exchanged = entries
          .with(index, { ...a, content: b.content })
          .with(other, { ...b, content: a.content });
        expect(verify(exchanged, getHead(entries)).faults).not.toEqual([]);
      }),
    );
  });

  it('finds an inserted entry', () => {
    fc.assert(
      fc.property(Picked, fc.json(), ([entries, index], content) => {
        const place = entries[index];
        if (place === undefined) return;
        const made = { ...place, content };
        const more = entries.toSpliced(index, 0, { ...made, hash: entryHash(made) });
        expect(verify(more, getHead(entries)).faults).not.toEqual([]);
      }),
    );
  });

  it('finds a log that was cut before an anchor, or written again from one of its entries on', () => {
    fc.assert(
      fc.property(Picked, fc.json(), ([entries, index], content) => {
        const anchor = getHead(entries);
        const cut = entries.slice(0, index);
        expect(verify(cut, getHead(cut), [anchor]).faults).toEqual([{ kind: 'anchor', anchor, found: null }]);
        fc.pre(entries[index]?.content !== content);
        const rewritten = chain(entries.map((entry, at) => (at === index ? content : entry.content)));
        expect(verify(rewritten, getHead(rewritten)).faults).toEqual([]);
        expect(verify(rewritten, getHead(rewritten), [anchor]).faults).toMatchObject([
          { kind: 'anchor', found: rewritten.at(-1)?.hash },
        ]);
      }),
    );
  });

  it('names what is wrong', () => {
    const entries = chain(['1', '2', '3', '4', '5']);
    const [, , third] = entries;
    if (third === undefined) return;
    expect(verify(entries.toSpliced(1, 2), getHead(entries)).faults).toEqual([
      { kind: 'missing', from: 2, to: 3 },
    ]);
    expect(verify(entries.with(2, { ...third, content: '0' }), getHead(entries)).faults).toEqual([
      { kind: 'changed', seq: 3 },
    ]);
    expect(verify(entries.toSpliced(3, 2), getHead(entries)).faults).toEqual([
      { kind: 'head', head: getHead(entries), last: { seq: 3, hash: third.hash } },
    ]);
  });

  it('reports the first 20 faults', () => {
    const entries = chain(Array.from({ length: 50 }, (_, index) => `${index}`));
    const changed = entries.map((entry) => ({ ...entry, content: '' }));
    expect(verify(changed, getHead(entries))).toMatchObject({ count: 50, faults: { length: 20 } });
  });
});

describe('readAnchors', () => {
  const hash = 'ab'.repeat(32);
  it('reads lines of JSON and the short form', () => {
    expect(readAnchors(`{"at":"2026-12-12T00:00:00Z","hash":"${hash}","seq":7}\n\n9:${hash}\n`)).toEqual([
      { seq: 7, hash },
      { seq: 9, hash },
    ]);
  });

  it.each(['', hash, `{"seq":"7","hash":"${hash}"}`, '{"seq":7}', `7:${hash.slice(1)}`, '[', 'null'])(
    'refuses %j',
    (text) => {
      expect(readAnchors(text)).toBeNull();
    },
  );
});
