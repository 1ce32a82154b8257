import { readFileSync } from 'node:fs';
import writeFileAtomic from 'write-file-atomic';
import type { SandboxClock } from '../clock';
import type { World } from '../world/world';
import type { WorldStore } from './world-store';

/** How long changes are gathered before they are written, in ms. */
const debounceMs = 200;

/**
 * Reads a world.
 * @returns null when there is no such file.
 * @throws Error when the file is torn, of another format, or not a world at all: it is never overwritten then.
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
    throw new Error(`The state file ${path} is torn (not JSON). Move it away to begin anew.`, {
      cause: error,
    });
  }
  if (!isWorld(value)) {
    throw new Error(`The state file ${path} is not a sandbox world of format 2. Move it away to begin anew.`);
  }
  return value;
}

function isWorld(value: unknown): value is World {
  if (typeof value !== 'object' || value === null) return false;
  const { format, seed, nextId, accounts } = value as Partial<Record<keyof World, unknown>>;
  return (
    format === 2 &&
    typeof seed === 'string' &&
    Number.isSafeInteger(nextId) &&
    typeof accounts === 'object' &&
    accounts !== null &&
    Object.values(accounts).every(
      (account: unknown) => typeof account === 'object' && account !== null && 'loadBalancers' in account,
    )
  );
}

/**
 * Keeps the world in a file: written whole beside it and put in its place, soon after each change and once more on
 * `stop`. A crash leaves the old or the new world, never half of one.
 */
export function keepStateFile(
  path: string,
  store: WorldStore,
  clock: SandboxClock,
  onError: (error: unknown) => void,
): { stop(): Promise<void> } {
  let writing: Promise<void> = Promise.resolve();
  let cancel: (() => void) | null = null;
  const write = (): Promise<void> => {
    cancel?.();
    cancel = null;
    writing = writing.then(() => writeFileAtomic(path, JSON.stringify(store.world))).catch(onError);
    return writing;
  };
  const forget = store.onChange(() => {
    cancel ??= clock.at(clock.now() + debounceMs, write);
  });
  return {
    stop: () => {
      forget();
      return write();
    },
  };
}
