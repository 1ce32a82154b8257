import { closeSync, fsyncSync, openSync, realpathSync, renameSync, writeFileSync } from 'node:fs';
import { open, realpath, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Puts a text, given in slices, in the place of a file, so that whenever the process is killed or the power fails the
 * file is wholly the old or the new one: written beside it, flushed to the disk, renamed over it, and the name flushed
 * as well. The draft is always `<file>.draft`, so that one left by a kill is written over by the next, not piled up; a
 * link is followed.
 */
export async function replaceFile(path: string, slices: readonly string[]): Promise<void> {
  const real = await realpath(path).catch(() => path);
  const draft = `${real}.draft`;
  const file = await open(draft, 'w', 0o600);
  try {
    for (const slice of slices) await file.writeFile(slice);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, real);
  // Windows opens no folders; there the rename is left to the system.
  const folder = await open(dirname(real), 'r').catch(() => null);
  try {
    await folder?.sync();
  } finally {
    await folder?.close();
  }
}

/** Replaces a file as `replaceFile` does, before it returns: for what has to be kept before anything continues. */
export function replaceFileSync(path: string, text: string): void {
  const real = ifThere(() => realpathSync(path)) ?? path;
  const draft = `${real}.draft`;
  flushed(openSync(draft, 'w', 0o600), (file) => writeFileSync(file, text));
  renameSync(draft, real);
  const folder = ifThere(() => openSync(dirname(real), 'r'));
  if (folder !== null) flushed(folder);
}

/** Flushes what was done to an open file to the disk, and closes it in any case. */
function flushed(file: number, change: (file: number) => void = () => {}): void {
  try {
    change(file);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function ifThere<T>(find: () => T): T | null {
  try {
    return find();
  } catch {
    return null;
  }
}
