import { z } from 'zod';
import type { CloudConnection } from './connection';
import { CloudError } from './errors';

/** A key of the cloud's API. */
export const CloudKey = z.object({
  secretId: z.string().min(1),
  secretKey: z.string().min(1),
  /** Present only with a temporary key. */
  token: z.string().min(1).exactOptional(),
});
export type CloudKey = z.infer<typeof CloudKey>;

/** The kinds of calls that may be signed with different keys. */
export type KeyUse = 'read' | 'write';

/** The keys of one connection. They may be replaced while it is in use. */
export type CloudKeys = {
  /**
   * Returns the key that signs a call now.
   * @throws CloudError if there is none, before anything is sent
   */
  get(use: KeyUse): Promise<CloudKey>;
  /** Returns the SecretId whose rate limits a call counts for: the cloud counts temporary keys as the key that got them. */
  countedAs(use: KeyUse): string;
  /** Returns every value that no message may contain. */
  secrets(): readonly string[];
  /** Returns which key signs writes: none, the one that signs reads, or another. */
  writes(): 'none' | 'same' | 'own';
};

/** Returns the keys of a connection that has one key, for reads and writes. */
export function fixedKeys({
  secretId,
  secretKey,
  token,
}: Pick<CloudConnection, 'secretId' | 'secretKey' | 'token'>): CloudKeys {
  const key = token === undefined ? { secretId, secretKey } : { secretId, secretKey, token };
  return {
    get: () => Promise.resolve(key),
    countedAs: () => secretId,
    secrets: () => [secretKey, token ?? ''],
    writes: () => 'same',
  };
}

/** Keys that can be replaced while runs use them. */
export type ReplaceableKeys = CloudKeys & { replace(keys: CloudKeys): void };

/** Wraps keys, so that whoever has the wrapper uses the newest ones from their next call on. */
export function replaceableKeys(first: CloudKeys): ReplaceableKeys {
  let keys = first;
  return {
    get: (use) => keys.get(use),
    countedAs: (use) => keys.countedAs(use),
    secrets: () => keys.secrets(),
    writes: () => keys.writes(),
    replace(next) {
      keys = next;
    },
  };
}

/** Returns the keys of a connection with a key for reads and one for writes, which may be the same; null = it is read-only. */
export function separateKeys(
  name: CloudConnection['name'],
  read: CloudKeys,
  write: CloudKeys | null,
): CloudKeys {
  return {
    async get(use) {
      if (use === 'read') return read.get('read');
      if (write === null) throw readOnly(name);
      return write.get('write');
    },
    countedAs: (use) => (use === 'write' && write !== null ? write : read).countedAs(use),
    secrets: () => [...read.secrets(), ...(write?.secrets() ?? [])],
    writes: () => (write === null ? 'none' : write === read ? 'same' : 'own'),
  };
}

/** Returns keys that sign reads with the key for writes, to find out about that one. */
export function writerKeys(keys: CloudKeys): CloudKeys {
  return { ...keys, get: () => keys.get('write'), countedAs: () => keys.countedAs('write') };
}

/** Returns the error for a write of a connection without a key for writes. Nothing is sent. */
function readOnly(name: string): CloudError {
  return new CloudError({
    code: 'Refused.ReadOnly',
    action: 'Connect',
    region: null,
    requestId: null,
    message: `The connection ${name} is read-only: an administrator can give it a key for changes in Settings.`,
    mayHaveHappened: false,
    advice: 'giveUp',
  });
}
