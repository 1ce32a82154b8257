import type { DiversionId } from '@/lib/diversion/diversion';
import type { Lease } from '@/lib/run/durable/lease';
import { createOccurrences, listDueSeries } from '@/lib/server/recurrences/create-occurrences';
import type { WorkLoop } from '@/lib/worker/loop/work-loop';

/** Occurrences are created days ahead; a person who has just set a rule waits for the first ones. */
const pollMs = 3000;

type RecurrenceDeps = {
  readonly loop: WorkLoop;
  readonly lease: Pick<Lease, 'whileFree'>;
  readonly now: () => Date;
};

/** Creates a round over all series with occurrences that are due, each by one worker at a time. */
function recurrenceRounds({ loop, lease, now }: RecurrenceDeps): () => Promise<void> {
  // The worker holds the lock, so it does not separate the worker's own rounds.
  const busy = new Set<DiversionId>();
  const create = async (id: DiversionId): Promise<boolean> => {
    if (busy.has(id)) return false;
    busy.add(id);
    try {
      let hasCreated = false;
      await lease.whileFree(`recurrence:${id}`, async () => {
        hasCreated = await createOccurrences(id, now());
      });
      return hasCreated;
    } finally {
      busy.delete(id);
    }
  };
  return async () => loop.each(await listDueSeries(now()), (id) => `diversion ${id}`, create);
}

/** Creates what is due by the rules of recurrences as long as the process lives; a round that fails is tried again. */
export function startRecurrences(
  deps: RecurrenceDeps & { readonly onError: (error: unknown) => void },
): void {
  const round = recurrenceRounds(deps);
  const next = () => {
    setTimeout(() => void round().catch(deps.onError).finally(next), pollMs).unref();
  };
  next();
}
