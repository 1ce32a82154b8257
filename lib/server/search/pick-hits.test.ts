import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Findable, hitsMax, pickHits, splitWords } from './pick-hits';

const domain = (name: string, text = name): Findable => ({
  kind: 'domain',
  key: name,
  name,
  note: '',
  href: '/',
  text,
});
const names = (all: readonly Findable[], query: string) =>
  pickHits('domain', all, query).hits.map(({ name }) => name);

it('requires every word, in any order and case', () => {
  const all = [domain('shop.example', 'shop.example Niaga'), domain('shop.other', 'shop.other Utama')];
  expect(names(all, 'NIAGA shop')).toEqual(['shop.example']);
});

it('ranks exact matches first, then prefixes, then matches at the start of a part', () => {
  const all = ['workshop.example', 'my.shop', 'shopping', 'shop'].map((name) => domain(name));
  expect(names(all, 'shop')).toEqual(['shop', 'shopping', 'my.shop', 'workshop.example']);
});

it('reports when more were found than listed', () => {
  const all = Array.from({ length: hitsMax + 1 }, (_, index) => domain(`shop-${index}`));
  expect(pickHits('domain', all, 'shop')).toMatchObject({ hits: { length: hitsMax }, more: ['domain'] });
  expect(pickHits('domain', all.slice(1), 'shop')).toMatchObject({ hits: { length: hitsMax }, more: [] });
});

it('lists only objects with all words, each once', () => {
  const word = fc.stringMatching(/^[a-c]{1,3}$/);
  fc.assert(
    fc.property(fc.uniqueArray(word), fc.array(word, { minLength: 1, maxLength: 3 }), (all, query) => {
      const found = names(
        all.map((name) => domain(name)),
        query.join(' '),
      );
      expect(new Set(found).size).toBe(found.length);
      for (const name of found)
        expect(splitWords(query.join(' ')).every((each) => name.includes(each))).toBe(true);
    }),
  );
});
