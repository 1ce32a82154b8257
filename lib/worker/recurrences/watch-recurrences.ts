import type { DiversionId } from '@/lib/diversion/diversion';
import { RecurrenceRule } from '@/lib/diversion/recurrence';
import type { Lease } from '@/lib/run/durable/lease';
import {
  createOccurrences,
  isSeriesDue,
  listSeries,
  type Series,
} from '@/lib/store/recurrences/create-occurrences';
import { readStored, type WorkLoop } from '@/lib/worker/loop/work-loop';

/** Occurrences are created days ahead; an operator who has just set a rule waits for the first ones. */
const pollMs = 3000;

/** The consequence of an unusable rule, and what to do. */
const whatToDo = 'no occurrence is created; change or stop the recurrence on the page of the diversion';

type RecurrenceDeps = {
  readonly loop: WorkLoop;
  readonly lease: Pick<Lease, 'whileFree'>;
  readonly now: () => Date;
  /** Returns whether runs go first now. */
  readonly mustYield: () => Promise<boolean>;
};

/**
 * Creates a round over all series, each processed by one worker at a time; an unreadable series does not block the
 * others. Planning keeps the processor busy, so a worker creates those of one series after the other, and runs go first.
 */
export function recurrenceRounds({ loop, lease, now, mustYield }: RecurrenceDeps): () => Promise<void> {
  // The lock belongs to the worker, so it does not serialize the worker's own rounds.
  const busy = new Set<DiversionId>();
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (act: () => Promise<void>): Promise<void> => {
    const turn = last.then(act);
    last = turn.catch(() => {});
    return turn;
  };
  const create = async (series: Series): Promise<boolean> => {
    const { id } = series;
    if (busy.has(id)) return false;
    busy.add(id);
    try {
      readStored(RecurrenceRule.safeParse(series.rule), 'rule', whatToDo);
      // The series is readable again, so an earlier failure is cleared.
      if (!(await isSeriesDue(series, now()))) return true;
      let hasCreated = false;
      await inTurn(async () => {
        if (await mustYield()) return;
        await lease.whileFree(`recurrence:${id}`, async () => {
          hasCreated = await createOccurrences(id, now());
        });
      });
      return hasCreated;
    } finally {
      busy.delete(id);
    }
  };
  return async () => loop.each(await listSeries(now()), ({ id }) => `diversion ${id}`, create);
}

/** Creates what is due by recurrence rules as long as the process lives; a failed round is retried. */
export function startRecurrences(
  deps: RecurrenceDeps & { readonly onError: (error: unknown) => void },
): void {
  const round = recurrenceRounds(deps);
  const next = () => {
    setTimeout(() => void round().catch(deps.onError).finally(next), pollMs).unref();
  };
  next();
}
