import type { World } from '../world/world';

/** What ends or appears a while after another time of the same object. */
const endings: Readonly<Record<string, string>> = {
  endsAt: 'startedAt',
  settlesAt: 'modifiedAt',
  activeAt: 'createdAt',
  indexedAt: 'updatedAt',
};

/** When something happened. */
const happened: ReadonlySet<string> = new Set([
  ...Object.values(endings),
  'at',
  'createdAt',
  'registeredAt',
  'stateSince',
  'statusAt',
  'downSince',
  'since',
]);

/**
 * Brings a world to an earlier time than it has seen: what happened after `now` has happened just now, and what was
 * to end has as long to go as it had. Otherwise a load balancer would stay busy until the clock is there again.
 * @param now epoch milliseconds
 */
export function settleFuture(world: World, now: number): void {
  settle(world.accounts, now);
}

function settle(value: unknown, now: number): void {
  if (typeof value !== 'object' || value === null) return;
  const fields = value as Record<string, unknown>;
  for (const [ending, began] of Object.entries(endings)) {
    const [end, begin] = [fields[ending], fields[began]];
    if (typeof end === 'number' && typeof begin === 'number' && begin > now)
      fields[ending] = end - (begin - now);
  }
  for (const [name, field] of Object.entries(fields)) {
    if (typeof field !== 'number') settle(field, now);
    else if (field > now && happened.has(name)) fields[name] = now;
  }
}
