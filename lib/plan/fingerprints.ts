import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { canonicalState, type ObjectState, objectKey } from '@/lib/estate/object';
import type { Step } from './model';

/** A short SHA-256 of an object's state, in lower-case hex: two states with one fingerprint are the same to traffic. */
export function fingerprint(state: ObjectState): string {
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(canonicalState(state))))).slice(0, 16);
}

/** The fingerprint of each object that a list writes to, as it is before the first write, by the object's key. */
export function fingerprintsOf(steps: readonly Step[]): Readonly<Record<string, string>> {
  const first = new Map<string, string>();
  for (const step of steps) {
    if (step.kind !== 'write') continue;
    const key = objectKey(step.object);
    if (!first.has(key)) first.set(key, fingerprint(step.before));
  }
  return Object.fromEntries(first);
}
