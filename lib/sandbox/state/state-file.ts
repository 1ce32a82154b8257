import { readFileSync } from 'node:fs';
import { replaceFile } from '@/lib/replace-file';
import type { WorldStore } from '@/lib/sandbox/world/world-store';
import { nextTurn } from '@/lib/timing/in-turns';
import type { World } from '../world/world';
import { parseWorld } from './parse-world';

/** The maximum time for which serialization may block everything else, in ms. */
const sliceMs = 5;
/** The number of attempts while the data keeps changing; after that it is serialized without interruption. */
const beginnings = 3;

/** Tables are at the third level: root → accounts → an account → a table; each entry of one is a piece. */
const levels = 4;

/**
 * Serializes the sandbox data to JSON, in slices to be joined. Other work runs between slices; if it changes the data,
 * serialization restarts, so that the text is a consistent state.
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

/** The time for which changes are collected before they are written, in ms. */
const gatherMs = 200;
/** The minimum of that time, as a multiple of the work on the last text. */
const gatherTimes = 20;
/** The delay before a file that can't be written, for example on a full disk, is tried again, in ms. */
const againMs = 5000;

const whatToDo =
  'The file was left as it is: put a backup in its place, or move it away to begin with the seed. The sandbox then starts automatically.';

/**
 * Reads sandbox data.
 * @returns null when there is no such file.
 * @throws Error when the file is empty or damaged, of another format, or incomplete: it is then never overwritten.
 */
export function readStateFile(path: string): World | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const how = text.trim() === '' ? 'empty' : 'damaged (not JSON)';
    throw new Error(`The sandbox's data in ${path} is ${how}. ${whatToDo}`, { cause: error });
  }
  const world = parseWorld(value);
  if (world.ok) return world.value;
  throw new Error(`The sandbox's data in ${path} can't be used: ${world.error}. ${whatToDo}`);
}

/**
 * Stores the sandbox data in a file: writes it completely beside the file and then replaces it, soon after each change
 * and once more on `stop`. A crash leaves the old or the new data, never half of it.
 *
 * Responses don't wait for the file, so a kill loses the changes of the last 200 ms of real time and of the write in
 * progress. Serializing large data costs about 5 ms per MB; it is done in slices, between which calls are handled, and
 * takes at most a twentieth of the time: 12 MB (10,000 rules, 40,000 targets) are written every second or two while
 * they change, and a kill can lose that much. An orderly stop loses nothing.
 */
export function keepStateFile(
  path: string,
  store: WorldStore,
  onError: (error: unknown) => void,
): { stop(): Promise<void> } {
  let writing: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;
  let isDirty = false;
  let pauseMs = gatherMs;
  let stopped = false;

  const write = async (): Promise<void> => {
    isDirty = false;
    const began = performance.now();
    const slices = await serializeWorld(store);
    pauseMs = Math.max(gatherMs, gatherTimes * (performance.now() - began));
    try {
      await replaceFile(path, slices);
    } catch (error) {
      onError(error);
      isDirty = true;
      pauseMs = Math.max(pauseMs, againMs);
    }
  };
  const writeSoon = () => {
    isDirty = true;
    if (timer !== null || writing !== null) return;
    timer = setTimeout(() => {
      timer = null;
      writing = write().finally(() => {
        writing = null;
        if (isDirty && !stopped) writeSoon();
      });
    }, pauseMs);
    timer.unref();
  };
  const forget = store.onChange(writeSoon);
  return {
    stop: async () => {
      stopped = true;
      forget();
      if (timer !== null) clearTimeout(timer);
      await writing;
      await write();
    },
  };
}
