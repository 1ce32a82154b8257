import { randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { replaceFileSync } from './replace-file';
import { sealingKey, sealingKeyId } from './sealed-box';

/** The name of the file below the data folder. */
export const sealingKeyFile = 'sealing-keys.json';

/** A key of 32 bytes. */
export const Key32 = z.base64().refine((text) => Buffer.from(text, 'base64').length === 32);
const SealingKeyFile = z.strictObject({
  format: z.literal(1),
  keys: z.array(z.strictObject({ id: z.string(), privateKey: Key32 })),
});

/** A file of keys that can't be used. Its message has no content of the file. */
export class KeyFileError extends Error {
  override readonly name = 'KeyFileError';
}

/**
 * Reads a file of keys.
 * @returns null if there is no file
 * @throws KeyFileError if the file is damaged, or if others than its owner may read it
 */
export function readKeyFile<T>(file: string, schema: z.ZodType<T>): T | null {
  let text: string;
  let mode: number;
  try {
    text = readFileSync(file, 'utf8');
    mode = statSync(file).mode;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    throw new KeyFileError(`${file} can be read by others than its owner: run chmod 600 ${file}`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = null;
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success)
    throw new KeyFileError(`${file} is damaged: restore it from a backup, or from another machine`);
  return parsed.data;
}

/**
 * Reads the private keys with which workers open what is sealed.
 * @returns the keys in base64; none if there is no file
 * @throws KeyFileError if the file can't be used
 */
export function readSealingKeys(file: string): readonly string[] {
  return readKeyFile(file, SealingKeyFile)?.keys.map(({ privateKey }) => privateKey) ?? [];
}

/** Replaces the file, whole or not at all, so that only its owner can read it. */
export function writeSealingKeys(file: string, privateKeys: readonly string[]): void {
  const keys = privateKeys.map((privateKey) => ({ id: sealingKeyId(sealingKey(privateKey)), privateKey }));
  replaceFileSync(file, `${JSON.stringify({ format: 1, keys }, null, 2)}\n`);
}

/** Generates a private key: 32 random bytes, in base64. */
export function drawSealingKey(): string {
  return randomBytes(32).toString('base64');
}
