import { AsyncLocalStorage } from 'node:async_hooks';

/** Fields of every line that is logged during a call, such as `{ run: 'R-0007', step: 's2', attempt: 1 }`. */
export type LogFields = Readonly<Record<string, string | number | null>>;

/** null until the fields are read: once a storage is in use, each promise of the process costs more. */
let storage: AsyncLocalStorage<LogFields> | null = null;

/** Runs `fn`; everything logged during it, however deep, includes these fields beside those around it. */
export function withLogFields<T>(fields: LogFields, fn: () => T): T {
  return storage === null ? fn() : storage.run({ ...storage.getStore(), ...fields }, fn);
}

/** Keeps the fields of calls from now on: a log includes those that are active. */
export function keepLogFields(): void {
  storage ??= new AsyncLocalStorage();
}

/** Returns the log fields that are active at the call, since they are kept. */
export function currentLogFields(): LogFields {
  return storage?.getStore() ?? {};
}
