import type pg from 'pg';

/**
 * Counts the statements that a client of this process is given while it executes another one, which the driver will
 * refuse (`pg` 9).
 * @param client the prototype of the driver's clients
 * @returns the count so far, and a function that stops counting
 */
export function countQueuedStatements(client: pg.Client): { count(): number; stop(): void } {
  const { query } = client;
  const open = new WeakMap<pg.Client, number>();
  let queued = 0;
  const counted = function (this: pg.Client, ...given: unknown[]) {
    const before = open.get(this) ?? 0;
    if (before > 0) queued += 1;
    open.set(this, before + 1);
    const end = () => open.set(this, (open.get(this) ?? 1) - 1);
    const then = given.at(-1);
    const isCallback = typeof then === 'function';
    const replaced = isCallback
      ? [
          ...given.slice(0, -1),
          (...answer: unknown[]) => {
            end();
            then(...answer);
          },
        ]
      : given;
    const asked: unknown = Reflect.apply(query, this, replaced);
    if (asked instanceof Promise) asked.then(end, end);
    return asked;
  };
  Object.assign(client, { query: counted });
  return {
    count: () => queued,
    stop: () => void Object.assign(client, { query }),
  };
}
