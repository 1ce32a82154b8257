import { AsyncLocalStorage } from 'node:async_hooks';

/** What every line says that is logged meanwhile, such as `{ run: 'R-0007', step: 's2', attempt: 1 }`. */
export type LogFields = Readonly<Record<string, string | number | null>>;

const storage = new AsyncLocalStorage<LogFields>();

/** Runs `fn`; whatever is logged in it, however deep, carries these fields beside those around it. */
export function withLogFields<T>(fields: LogFields, fn: () => T): T {
  return storage.run({ ...storage.getStore(), ...fields }, fn);
}

/** The fields of where this is called from. */
export function currentLogFields(): LogFields {
  return storage.getStore() ?? {};
}
