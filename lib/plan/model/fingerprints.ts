import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { ObjectState } from '@/lib/estate/object';
import { canonicalState, objectKey } from '@/lib/estate/object-state';
import type { Step } from './model';

/**
 * Returns a short SHA-256 of an object's state, in lower-case hex: two states with the same fingerprint are equal for
 * traffic.
 */
export function fingerprint(state: ObjectState): string {
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(canonicalState(state))))).slice(0, 16);
}

/** Returns the fingerprint of each object that a list writes to, before the first write, by the object's key. */
export function listFingerprints(steps: readonly Step[]): Readonly<Record<string, string>> {
  const first = new Map<string, string>();
  for (const step of steps) {
    if (step.kind !== 'write') continue;
    const key = objectKey(step.object);
    if (!first.has(key)) first.set(key, fingerprint(step.before));
  }
  return Object.fromEntries(first);
}
