import { and, eq } from 'drizzle-orm';
import type { Cloud, FunctionCloud } from '@/lib/cloud/port';
import type { Database } from '@/lib/db/database';
import { reconnecting } from '@/lib/db/reconnecting';
import { functionChanges } from '@/lib/db/schema';
import { listChangeActions } from '@/lib/estate/functions/function-change';
import { invariant } from '@/lib/invariant';
import { toJobError } from '@/lib/worker/loop/job-error';
import { confirmFunctionWrite } from './confirm-function-write';
import { storeFunction } from './store-function';

export type ChangeDeps = {
  readonly db: Database;
  readonly cloudOf: (
    connectionId: string,
  ) => Pick<Cloud, 'getFunction'> & Pick<FunctionCloud, 'changeFunction'>;
  /** The retention of a connection's history. */
  readonly historyDays: number;
  /** Called with errors other than the cloud's rejection, with their stack. */
  readonly onError: (error: unknown, changeId: string) => void;
};

type StoredChange = typeof functionChanges.$inferSelect;

function firstAction({ change }: Pick<StoredChange, 'change'>): string {
  return (listChangeActions(change)[0] ?? 'scf:UpdateAlias').replace('scf:', '');
}

/** Stores the function's current state in the newest snapshot. The change is complete even if that fails. */
async function showChanged(deps: ChangeDeps, row: StoredChange): Promise<void> {
  try {
    const fn = await deps.cloudOf(row.connectionId).getFunction(row);
    await reconnecting(() => storeFunction(deps.db, row.connectionId, row, fn, deps.historyDays));
  } catch (error) {
    deps.onError(error, row.id);
  }
}

/** Executes a function change that the web process stored, and records its end in every case. */
export async function carryOutChange(deps: ChangeDeps, changeId: string): Promise<void> {
  const { db, cloudOf, onError } = deps;
  const isIt = eq(functionChanges.id, changeId);
  const [row] = await reconnecting(() => db.select().from(functionChanges).where(isIt));
  invariant(row !== undefined, `change ${changeId} was stored before it was enqueued`);
  if (row.state !== 'running') return;
  const end = async (values: Partial<StoredChange>) => {
    const isOpen = and(isIt, eq(functionChanges.state, 'running'));
    await reconnecting(() =>
      db
        .update(functionChanges)
        .set({ ...values, endedAt: new Date() })
        .where(isOpen),
    );
  };
  try {
    const { version } = await cloudOf(row.connectionId).changeFunction(row, row.change, changeId, () =>
      confirmFunctionWrite(db, {
        connectionId: row.connectionId,
        id: row,
        change: row.change,
        action: firstAction(row),
      }),
    );
    await showChanged(deps, row);
    await end({ state: 'done', version });
  } catch (cause) {
    const error = toJobError(cause, {
      action: firstAction(row),
      region: row.region,
      mayHaveHappened: true,
      whatToDo: 'Sync the estate to see whether the change is there, then decide again.',
    });
    if (error.code === 'Internal') onError(cause, changeId);
    // The function may have been changed by others: the page shows its current state.
    await showChanged(deps, row);
    await end({ state: 'failed', error });
  }
}
