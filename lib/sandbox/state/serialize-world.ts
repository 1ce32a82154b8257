import { setImmediate as nextTurn } from 'node:timers/promises';
import type { WorldStore } from '@/lib/sandbox/world/world-store';

/** The maximum time that the serialization may block everything else at once, in ms. */
const sliceMs = 5;
/** The number of attempts on data that keeps changing; after that it is serialized in one go. */
const beginnings = 3;

/** Tables are at the third level: root → accounts → an account → a table; each entry of one is a piece. */
const levels = 4;

/**
 * Serializes the sandbox data to JSON, in slices that give the text when joined. Other work runs between slices; any
 * change it makes restarts this, so that the text is the state of one moment.
 */
export async function serializeWorld(store: WorldStore): Promise<readonly string[]> {
  let hasChanged = false;
  const forget = store.onChange(() => {
    hasChanged = true;
  });
  try {
    for (let beginning = 0; beginning < beginnings; beginning += 1) {
      hasChanged = false;
      const slices: string[] = [];
      for (const slice of slicesOf(jsonPieces(store.world, levels))) {
        slices.push(slice);
        await nextTurn();
        if (hasChanged) break;
      }
      if (!hasChanged) return slices;
    }
    return [...slicesOf(jsonPieces(store.world, levels))];
  } finally {
    forget();
  }
}

/** Joins as many pieces as fit into the time of a slice. */
function* slicesOf(pieces: Iterable<string>): Generator<string> {
  let slice = '';
  let began = performance.now();
  for (const piece of pieces) {
    slice += piece;
    if (performance.now() - began < sliceMs) continue;
    yield slice;
    slice = '';
    began = performance.now();
  }
  if (slice !== '') yield slice;
}

/** Yields the output of `JSON.stringify`, with the entries of objects down to a level as separate pieces. */
function* jsonPieces(value: unknown, level: number): Generator<string> {
  if (level === 0 || typeof value !== 'object' || value === null || Array.isArray(value)) {
    yield JSON.stringify(value);
    return;
  }
  let before = '{';
  for (const [key, field] of Object.entries(value)) {
    if (field === undefined) continue;
    yield `${before}${JSON.stringify(key)}:`;
    yield* jsonPieces(field, level - 1);
    before = ',';
  }
  yield before === '{' ? '{}' : '}';
}
