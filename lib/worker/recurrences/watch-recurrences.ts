import type { DiversionId } from '@/lib/diversion/diversion';
import { RecurrenceRule } from '@/lib/diversion/recurrence';
import type { Lease } from '@/lib/run/durable/lease';
import {
  createOccurrences,
  isSeriesDue,
  listSeries,
  type Series,
} from '@/lib/server/recurrences/create-occurrences';
import { readStored, type WorkLoop } from '@/lib/worker/loop/work-loop';

/** Occurrences are created days ahead; a person who has just set a rule waits for the first ones. */
const pollMs = 3000;

/** The consequence of a rule that can't be used, and what to do. */
const whatToDo = 'no occurrence is created; change or stop the recurrence on the page of the diversion';

type RecurrenceDeps = {
  readonly loop: WorkLoop;
  readonly lease: Pick<Lease, 'whileFree'>;
  readonly now: () => Date;
};

/** Creates a round over all series, each by one worker at a time; one that can't be read doesn't keep the others from it. */
export function recurrenceRounds({ loop, lease, now }: RecurrenceDeps): () => Promise<void> {
  // The worker holds the lock, so it does not separate the worker's own rounds.
  const busy = new Set<DiversionId>();
  const create = async (series: Series): Promise<boolean> => {
    const { id } = series;
    if (busy.has(id)) return false;
    busy.add(id);
    try {
      readStored(RecurrenceRule.safeParse(series.rule), 'rule', whatToDo);
      // It could be read: whatever failed before is over.
      if (!(await isSeriesDue(series, now()))) return true;
      let hasCreated = false;
      await lease.whileFree(`recurrence:${id}`, async () => {
        hasCreated = await createOccurrences(id, now());
      });
      return hasCreated;
    } finally {
      busy.delete(id);
    }
  };
  return async () => loop.each(await listSeries(now()), ({ id }) => `diversion ${id}`, create);
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
