/** A source of random numbers: the same seed gives the same numbers. */
export type SeededRandom = {
  /** From 0 up to 1. */
  readonly next: () => number;
  /** A whole number from `low` up to and including `high`. */
  readonly int: (low: number, high: number) => number;
  /** Returns a new source: what one part draws does not change what another one does. */
  readonly fork: (name: string) => SeededRandom;
};

/** Returns a 32-bit hash of a text: FNV-1a (https://www.rfc-editor.org/rfc/rfc9923). */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash ^= text.charCodeAt(index);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}

/**
 * Creates a source of random numbers: Mulberry32
 * (https://gist.github.com/tommyettinger/46a874533244883189143505d203312c).
 * @param seed a whole number below 2^32
 */
export function createSeededRandom(seed: number): SeededRandom {
  let state = seed | 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    int: (low, high) => low + Math.floor(next() * (high - low + 1)),
    fork: (name) => createSeededRandom(hashText(`${seed}/${name}`)),
  };
}

/** Returns a text of hexadecimal digits in the form of a UUID, from the next numbers of the source. */
export function nextUuid({ int }: Pick<SeededRandom, 'int'>): string {
  const digits = (count: number) => Array.from({ length: count }, () => int(0, 15).toString(16)).join('');
  return [8, 4, 4, 4, 12].map(digits).join('-');
}
