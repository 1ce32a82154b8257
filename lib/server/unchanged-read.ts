import 'server-only';
import { serverContext } from '@/lib/store/context';
import { keepUntilChanged, shareRead } from '@/lib/store/share-read';

/** The longest time that a value is kept: parts of it may depend on the time, such as the age of a signal. */
const keptMs = 1000;

/**
 * Two equal snapshots see the same transactions, so that nothing was written in between:
 * https://www.postgresql.org/docs/17/functions-info.html#FUNCTIONS-PG-SNAPSHOT
 */
const readSnapshot = shareRead(async (): Promise<string> => {
  const { pool } = (await serverContext()).database;
  const { rows } = await pool.query<{ snapshot: string }>('select pg_current_snapshot()::text as snapshot');
  return rows[0]?.snapshot ?? '';
});

/**
 * Shares a read of the database among concurrent callers, and keeps its value until a transaction writes, for a second
 * at most. Each caller gets what is stored at its call. For reads that take much longer than the question whether
 * anything was written.
 */
export function unchangedRead<T>(read: () => Promise<T>): () => Promise<T> {
  return keepUntilChanged(read, readSnapshot, keptMs);
}

/** The most objects of a kind whose values are kept: those that people look at now. */
const keptObjects = 12;

/** Does the same for a read of one object, for each object by itself. */
export function unchangedReads<Id extends string, T>(read: (id: Id) => Promise<T>): (id: Id) => Promise<T> {
  const reads = new Map<Id, () => Promise<T>>();
  return (id) => {
    const own = reads.get(id) ?? unchangedRead(() => read(id));
    // A map keeps the order of insertion: its first object is the one that was not read for the longest time.
    reads.delete(id);
    reads.set(id, own);
    const [oldest] = reads.keys();
    if (reads.size > keptObjects && oldest !== undefined) reads.delete(oldest);
    return own();
  };
}
