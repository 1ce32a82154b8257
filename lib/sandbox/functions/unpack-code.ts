import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { unzip } from 'fflate';
import { err, ok, type Result } from '@/lib/result';

/** Unpacked code may have 500 MB: https://www.tencentcloud.com/document/product/583/11637 */
const UNPACKED_MAX = 500 * 1024 * 1024;

/**
 * Unpacks a function's zip into an existing folder: readable by all, writable by its owner alone.
 * Refuses what is no zip, what would land outside of the folder, and what unpacks to more than 500 MB.
 */
export async function unpackCode(zipBase64: string, folder: string): Promise<Result<void, string>> {
  let total = 0;
  let refused: string | null = null;
  const files = await new Promise<Result<Record<string, Uint8Array>, string>>((resolve) => {
    const accept = ({ name, originalSize }: { name: string; originalSize: number }) => {
      total += originalSize;
      if (total > UNPACKED_MAX) refused ??= 'the code unpacks to more than 500 MB';
      if (!isInside(name)) refused ??= `the code has a file outside of its folder: ${name}`;
      return refused === null && !name.endsWith('/');
    };
    unzip(Buffer.from(zipBase64, 'base64'), { filter: accept }, (error, data) => {
      if (refused !== null) resolve(err(refused));
      else if (error) resolve(err(`the code is not a zip archive that can be read: ${error.message}`));
      else resolve(ok(data));
    });
  });
  if (!files.ok) return files;
  for (const [name, data] of Object.entries(files.value)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true, mode: 0o755 });
    await writeFile(path, data, { mode: 0o644 });
  }
  return ok(undefined);
}

function isInside(name: string): boolean {
  const path = posix.normalize(name.replaceAll('\\', '/'));
  return !posix.isAbsolute(path) && path !== '..' && !path.startsWith('../') && !path.includes('\0');
}
