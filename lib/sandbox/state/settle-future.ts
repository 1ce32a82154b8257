import type { World } from '../world/world';

/** Fields for an end or appearance at some time after another field of the same object. */
const endings: Readonly<Record<string, string>> = {
  endsAt: 'startedAt',
  settlesAt: 'modifiedAt',
  activeAt: 'createdAt',
  indexedAt: 'updatedAt',
};

/** Fields for the time of an event. */
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
 * Moves sandbox data to an earlier time than it has seen: events after `now` are moved to now, and remaining times are
 * kept. Otherwise a load balancer would stay busy until the clock reaches the old time.
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

/**
 * Completes every task that a fault blocked: the fault is not part of the sandbox data.
 * @param now epoch milliseconds
 */
export function releaseTasks(world: World, now: number): void {
  for (const account of Object.values(world.accounts)) {
    for (const task of Object.values(account.tasks)) {
      if (task.outcome === 'running') task.endsAt ??= now;
    }
  }
}
