import type { SearchHit, SearchKind } from '@/lib/contract/search';

/** The maximum number of hits of one kind. */
export const hitsMax = 6;

/** A searchable object: a hit, and its search text. */
export type Findable = SearchHit & { readonly text: string };

/** Splits a query into its words, in lower case. */
export function splitWords(query: string): readonly string[] {
  return query.toLowerCase().split(/\s+/).filter(Boolean);
}

/** Rates how well a name matches the query: 0 = equal, 1 = prefix of the name, 2 = prefix of a part, 3 = otherwise. */
function rateFit(name: string, query: string): number {
  const text = name.toLowerCase();
  if (text === query) return 0;
  if (text.startsWith(query)) return 1;
  return text.split(/[^\p{L}\p{N}]+/u).some((part) => part.startsWith(query)) ? 2 : 3;
}

/**
 * Returns the best hits of one kind. Each word of the query must occur in the text of a hit. Equal hits keep their
 * order.
 */
export function pickHits(
  kind: SearchKind,
  all: Iterable<Findable>,
  query: string,
): { readonly hits: readonly SearchHit[]; readonly more: readonly SearchKind[] } {
  const words = splitWords(query);
  const found: { readonly hit: SearchHit; readonly fit: number }[] = [];
  for (const { text, ...hit } of all) {
    const lower = text.toLowerCase();
    if (words.every((word) => lower.includes(word)))
      found.push({ hit, fit: rateFit(hit.name, words.join(' ')) });
  }
  const best = found.toSorted((a, b) => a.fit - b.fit).slice(0, hitsMax);
  return { hits: best.map(({ hit }) => hit), more: found.length > hitsMax ? [kind] : [] };
}
