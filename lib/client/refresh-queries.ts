import type { QueryClient, QueryKey } from '@tanstack/react-query';
import { atMostEvery } from '@/lib/at-most-every';
import { queryKeys } from './queries';
import type { Change } from './views';

/** Each of many Switches has its own probe rounds, and the board is read as a whole. */
const roundsMs = 1000;

/** The start page shows a little of everything, and each step of a run is a change. */
const overviewMs = 1000;

/** Returns the query keys that show a changed thing. The empty key matches all. */
function listKeys(change: Change): readonly QueryKey[] {
  switch (change.kind) {
    case 'run':
      return [
        queryKeys.run(change.id),
        queryKeys.schedule(),
        queryKeys.switches(),
        queryKeys.rail(),
        queryKeys.drifts(),
      ];
    case 'probes':
      return [queryKeys.runCharts(change.id)];
    case 'testInvocations':
      return [queryKeys.testInvocations(change.id), queryKeys.functions(change.id)];
    case 'functions':
      return [queryKeys.functions(change.id)];
    case 'connection':
      return [queryKeys.rail()];
    case 'estate':
      return [
        queryKeys.functions(change.id),
        queryKeys.estate(change.id),
        queryKeys.bindings(change.id),
        queryKeys.switches(),
        // For all connections: plans of other connections may span this one.
        queryKeys.drifts(),
      ];
    case 'drift':
      return [queryKeys.drift(change.id), queryKeys.rail()];
    case 'deployment':
      return [queryKeys.deployment(change.id)];
    case 'diversion':
    case 'plan':
    case 'policy':
      return [queryKeys.schedule(), queryKeys.rail()];
    case 'schedule':
      return [queryKeys.schedule()];
    case 'traffic':
    case 'checklist':
      // Only the start page shows it, which is read on every change.
      return [];
    case 'round':
      return [queryKeys.switches()];
    case 'switches':
      return [queryKeys.switches(), queryKeys.rail()];
    case 'alerts':
      return [queryKeys.rail()];
    case 'anything':
      return [[]];
  }
}

/**
 * Refetches the queries on screen that a change affects. Each key has one read at a time, and one more after it if it
 * changed meanwhile: changes that arrive faster than the responses would otherwise cancel every response.
 */
export function queryRefresher(client: QueryClient): (change: Change) => void {
  const reading = new Set<string>();
  const changedSince = new Set<string>();

  async function refresh(queryKey: QueryKey): Promise<void> {
    const name = JSON.stringify(queryKey);
    changedSince.add(name);
    if (reading.has(name)) return;
    reading.add(name);
    while (changedSince.delete(name)) await client.invalidateQueries({ queryKey });
    reading.delete(name);
  }

  const readAll = (change: Change) => {
    for (const key of listKeys(change)) void refresh(key);
  };
  const rounds = atMostEvery(roundsMs, () => void refresh(queryKeys.switches()));
  const overview = atMostEvery(overviewMs, () => void refresh(queryKeys.overview()));
  return (change) => {
    if (change.kind !== 'anything') overview.ask();
    if (change.kind === 'round') rounds.ask();
    else readAll(change);
  };
}
