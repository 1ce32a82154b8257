import { openSealed, sealedFor, sealingKey, sealingKeyId } from '@/lib/sealed-box';
import { readSealingKeys } from '@/lib/sealing-key-file';
import type { Settings } from '@/lib/settings';

/** The private keys of a worker, with which it opens what the dashboard has sealed. */
export type KeyRing = {
  /**
   * Opens a sealed text.
   * @throws SealedTextError if this worker has no key for it, or if it was sealed for another context, or was changed
   */
  open(sealed: string, context: string): string;
};

/**
 * Creates the key ring of a worker from its settings, or from the file that the launcher has made. The file is read again
 * when a text was sealed for a key that is not known yet: `npm run keys:rotate` may have added one.
 */
export function createKeyRing({
  SPILLWAY_SEALING_KEYS: given,
  SPILLWAY_SEALING_KEY_FILE: file,
}: Pick<Settings, 'SPILLWAY_SEALING_KEYS' | 'SPILLWAY_SEALING_KEY_FILE'>): KeyRing {
  const read = () => given ?? (file === undefined ? [] : readSealingKeys(file));
  let keys: readonly string[] = [];
  const has = (id: string | null) => keys.some((key) => sealingKeyId(sealingKey(key)) === id);
  return {
    open(sealed, context) {
      if (!has(sealedFor(sealed))) keys = read();
      return openSealed(keys, sealed, context);
    },
  };
}
