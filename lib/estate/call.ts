import type { Owned } from './owner';

/** One write call to the cloud's API as data: exactly what is reviewed is what is sent. */
export type WriteCall = Owned & {
  readonly service: 'clb' | 'dnspod' | 'scf';
  readonly action: string;
  /** null for global services (DNSPod takes no region). */
  readonly region: string | null;
  readonly params: { readonly [name: string]: ParamValue };
};

/**
 * A parameter value. `{ $id: name }` is a placeholder for an id that exists only after an earlier step (a new rule's
 * LocationId, a new record's RecordId). It is filled in from the read that precedes the write.
 */
export type ParamValue =
  | string
  | number
  | boolean
  | { readonly $id: string }
  | readonly ParamValue[]
  | { readonly [name: string]: ParamValue };

/** Ids known from a sync: `LocationId` of a rule, or `recordKey(record)` → RecordId. */
export type KnownIds = Readonly<Record<string, string | number>>;

function isPlaceholder(value: ParamValue): value is { readonly $id: string } {
  return typeof value === 'object' && !Array.isArray(value) && '$id' in value;
}

/**
 * Replaces each `{ $id }` of a call with the id that a sync found.
 * @returns the call ready to send, or the names of the unknown ids (then nothing may be sent).
 */
export function resolveIds(call: WriteCall, ids: KnownIds): { call: WriteCall; missing: readonly string[] } {
  const missing: string[] = [];
  const resolve = (value: ParamValue): ParamValue => {
    if (typeof value !== 'object') return value;
    if (Array.isArray(value)) return value.map(resolve);
    if (isPlaceholder(value)) {
      const id = ids[value.$id];
      if (id === undefined) missing.push(value.$id);
      return id ?? value;
    }
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, resolve(inner as ParamValue)]),
    );
  };
  const params = Object.fromEntries(
    Object.entries(call.params).map(([name, value]) => [name, resolve(value)]),
  );
  return { call: { ...call, params }, missing };
}
