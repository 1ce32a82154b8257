import { setImmediate as nextTurn } from 'node:timers/promises';
import type { WorldStore } from './world-store';

/** So long the work on a world may keep everything else waiting at a time, in ms. */
const sliceMs = 5;
/** A world that changes all the time is begun anew so often; then it is done in one go. */
const beginnings = 3;

/** Tables stand at the third level: world → accounts → an account → a table; each entry of one is a piece. */
const levels = 4;

/**
 * The world as JSON, in slices that give the text when joined. Other work gets its turn between slices; whatever it
 * changes makes this begin anew, so that the text is the world of one moment.
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

/** Joins as many pieces as a slice has time for. */
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

/** What `JSON.stringify` gives, the entries of objects down to a level as pieces of their own. */
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
