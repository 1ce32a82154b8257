import 'server-only';
import { hkdfSync } from 'node:crypto';
import { invariant } from '@/lib/invariant';
import { webProcess } from '@/lib/store/web-process';

/** The uses of the dashboards' shared key besides server actions. */
type KeyPurpose = 'sessions' | 'known browsers' | 'second factors';

/**
 * Derives a key of 32 bytes from the one that all dashboards on a database share (HKDF,
 * https://www.rfc-editor.org/rfc/rfc5869), so that no use weakens another.
 * @param key that of this process if absent
 */
export function deriveKey(
  purpose: KeyPurpose,
  key = webProcess().settings.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY,
): Buffer {
  invariant(key !== undefined, 'the launcher gives all dashboards on a database one key');
  return Buffer.from(hkdfSync('sha256', key, '', `spillway ${purpose}`, 32));
}
