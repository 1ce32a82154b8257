import type { Plan } from './model';

/** JSON with sorted keys: one text for one value, whatever order its fields were written in. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** SHA-256 of a plan in lower-case hex. Two plans with one hash are the same in every step, state and time. */
export async function planHash(plan: Plan): Promise<string> {
  const bytes = new TextEncoder().encode(canonicalJson(plan));
  const digest = await globalThis.crypto.subtle.digest('SHA-256', bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
