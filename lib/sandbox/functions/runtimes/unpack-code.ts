import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { unzipSync } from 'fflate';
import { err, ok, type Result } from '@/lib/result';

/** Unpacked code may have 500 MB: https://www.tencentcloud.com/document/product/583/11637 */
const UNPACKED_MAX = 500 * 1024 * 1024;

/**
 * Unpacks a function's zip into an existing folder: readable by all, writable only by its owner. Refuses invalid zips,
 * paths outside the folder, and archives that unpack to more than 500 MB.
 */
export async function unpackCode(zipBase64: string, folder: string): Promise<Result<void, string>> {
  const files = readZip(Buffer.from(zipBase64, 'base64'));
  if (!files.ok) return files;
  for (const [name, data] of Object.entries(files.value)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true, mode: 0o755 });
    await writeFile(path, data, { mode: 0o644 });
  }
  return ok(undefined);
}

/**
 * Reads a zip. Sizes are those that the archive states and its reader allocates: a file can't become larger while it is
 * read.
 */
function readZip(archive: Uint8Array): Result<Record<string, Uint8Array>, string> {
  let total = 0;
  const outside: string[] = [];
  const accept = ({ name, originalSize }: { name: string; originalSize: number }) => {
    total += originalSize;
    if (!isInside(name)) outside.push(name);
    return outside.length === 0 && total <= UNPACKED_MAX && !name.endsWith('/');
  };
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(archive, { filter: accept });
  } catch (error) {
    return err(
      `the code is not a zip archive that can be read: ${error instanceof Error ? error.message : error}`,
    );
  }
  if (outside.length > 0) return err(`the code has a file outside of its folder: ${outside[0]}`);
  if (total > UNPACKED_MAX) return err('the code unpacks to more than 500 MB');
  return ok(files);
}

function isInside(name: string): boolean {
  const path = posix.normalize(name.replaceAll('\\', '/'));
  return !posix.isAbsolute(path) && path !== '..' && !path.startsWith('../') && !path.includes('\0');
}
