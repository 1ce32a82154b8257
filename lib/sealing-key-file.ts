import { randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { replaceFileSync } from './replace-file';
import { sealingKey, sealingKeyId } from './sealed-box';

/** The name of the file below the data folder. */
export const sealingKeyFile = 'sealing-keys.json';

const SealingKey = z.base64().refine((text) => Buffer.from(text, 'base64').length === 32);
const SealingKeyFile = z.strictObject({
  format: z.literal(1),
  keys: z.array(z.strictObject({ id: z.string(), privateKey: SealingKey })),
});

/** A file of sealing keys that can't be used. Its message has no content of the file. */
class SealingKeyFileError extends Error {
  override readonly name = 'SealingKeyFileError';
}

/**
 * Reads the private keys with which workers open what is sealed.
 * @returns the keys in base64; none if there is no file
 * @throws SealingKeyFileError if the file is damaged, or if others than its owner may read it
 */
export function readSealingKeys(file: string): readonly string[] {
  let text: string;
  let mode: number;
  try {
    text = readFileSync(file, 'utf8');
    mode = statSync(file).mode;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    throw new SealingKeyFileError(`${file} can be read by others than its owner: run chmod 600 ${file}`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = null;
  }
  const parsed = SealingKeyFile.safeParse(json);
  if (!parsed.success)
    throw new SealingKeyFileError(`${file} is damaged: restore it from a backup, or from another machine`);
  return parsed.data.keys.map(({ privateKey }) => privateKey);
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
