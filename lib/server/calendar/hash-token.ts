import { createHash } from 'node:crypto';

/**
 * Returns the hash under which a feed's token is stored. The token is random, so it needs neither salt nor a slow hash.
 */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
