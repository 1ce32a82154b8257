import { AsyncLocalStorage } from 'node:async_hooks';

/** Fields of every line that is logged during a call, such as `{ run: 'R-0007', step: 's2', attempt: 1 }`. */
export type LogFields = Readonly<Record<string, string | number | null>>;

const storage = new AsyncLocalStorage<LogFields>();

/** Runs `fn`; everything logged during it, however deep, includes these fields beside those around it. */
export function withLogFields<T>(fields: LogFields, fn: () => T): T {
  return storage.run({ ...storage.getStore(), ...fields }, fn);
}

/** Returns the log fields that are active at the call. */
export function currentLogFields(): LogFields {
  return storage.getStore() ?? {};
}
