import 'server-only';
import { and, desc, eq, gt, lte } from 'drizzle-orm';
import { z } from 'zod';
import type { EstateChangesView, ObjectChangeView, SnapshotView } from '@/lib/contract/estate';
import type { Database } from '@/lib/db/database';
import { connections, sandboxResets } from '@/lib/db/schema';
import { type EstateObject, getList } from '@/lib/estate/estate-lists';
import { cloudChanges } from '@/lib/estate/history/carry-unread';
import { byKey, diffEstates, type EstateChange } from '@/lib/estate/history/diff-estates';
import { isMeasured } from '@/lib/estate/history/measured-change';
import { groupBy } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import { type ObjectName, objectName } from '@/lib/estate/object-name';
import { seeEstate } from '@/lib/server/access/see-estate';
import { Instant } from '@/lib/server/page-params';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { writtenAfter } from '@/lib/store/runs/written-after';
import { type ChangeRow, changeKey, changeRows, groupAudits } from './change-rows';
import { findActor } from './find-actor';
import { readOwnFunctionChanges } from './own-function-changes';
import { ownWrites } from './own-writes';
import { atOnce } from './read-past-estate';
import { firstVersion, readSnapshots, type Version, versionAt } from './read-snapshot';

type SandboxReset = typeof sandboxResets.$inferSelect;

/** The maximum number of resets searched in a period. */
const resetsMax = 200;

/** Returns when the sandbox data was replaced in a period, newest first; empty for a real account. */
async function readResets(
  db: Pick<Database, 'select'>,
  connectionId: string,
  from: Date,
  to: Date,
): Promise<readonly SandboxReset[]> {
  const rows = await db
    .select({ reset: sandboxResets })
    .from(sandboxResets)
    .innerJoin(connections, and(eq(connections.id, connectionId), eq(connections.kind, 'sandbox')))
    .where(and(gt(sandboxResets.at, from), lte(sandboxResets.at, to)))
    .orderBy(desc(sandboxResets.at))
    .limit(resetsMax);
  return rows.map(({ reset }) => reset);
}

/**
 * Returns the reset that last changed an object: it lies between the last sync that found the previous state and the
 * end of the first sync that found the new one. null = none.
 * @param resets newest first
 */
function findReset(resets: readonly SandboxReset[], last: ChangeRow | undefined): SandboxReset | null {
  if (last === undefined) return null;
  const from = (last.seenAt ?? last.previousAt)?.getTime() ?? 0;
  return resets.find(({ at }) => at.getTime() > from && at <= last.storedAt) ?? null;
}

/** The maximum number of objects in a response. */
const changesMax = 2000;
/** The maximum number of objects for one reset of the sandbox, which changes nearly all of them. */
const resetChangesMax = 200;

/** Returns the period of Spillway's own writes behind some changes. */
function changeSpan(
  rows: ReadonlyMap<string, readonly ChangeRow[]>,
  { lastAt }: Version,
  { firstAt }: Version,
): readonly [Date, Date] {
  let [from, to] = [lastAt.getTime(), firstAt.getTime()];
  for (const row of [...rows.values()].flat()) {
    from = Math.min(from, (row.seenAt ?? row.firstAt).getTime());
    to = Math.max(to, row.storedAt.getTime());
  }
  return [writtenAfter(new Date(from)), new Date(to)];
}

function toSnapshotView({ firstAt, lastAt, nextAt }: Version, { gaps }: Estate): SnapshotView {
  return {
    firstAt: firstAt.toISOString(),
    lastAt: lastAt.toISOString(),
    nextAt: nextAt?.toISOString() ?? null,
    unread: gaps,
  };
}

/** Returns the objects of changes: as stored with a change, or as in the later snapshot. */
function objectsIn(later: Estate): (change: EstateChange) => EstateObject | undefined {
  const objects = new Map<string, ReturnType<typeof byKey>>();
  return (change) => {
    const { kind, key } = change;
    if (change.op !== 'changed') return change.object;
    if (kind === 'estate') return undefined;
    const all = objects.get(kind) ?? byKey(kind, getList(later, kind));
    objects.set(kind, all);
    return all.get(key);
  };
}

function changeName(change: EstateChange, object: EstateObject | undefined, estate: Estate): ObjectName {
  if (change.kind === 'estate') return { name: '', place: '' };
  return object === undefined ? { name: change.key, place: '' } : objectName(change.kind, object, estate);
}

const dayMs = 86_400_000;

/**
 * Compares the estates at two instants object by object, each with the two syncs between which it last changed. An
 * instant before the history starts counts as its start. Without instants: what changed in the last day.
 * @returns null without a history
 */
export const listEstateChanges = query(
  'estate.listChanges',
  z.object({ connectionId: z.string(), from: Instant.optional(), to: Instant.optional() }),
  ({ connectionId }) => ({ connections: [connectionId] }),
  async ({ connectionId, ...given }, actor): Promise<EstateChangesView | null> => {
    const { db } = (await serverContext()).database;
    const to = given.to ?? new Date();
    const from = given.from ?? new Date(to.getTime() - dayMs);
    const [start, end] = from <= to ? [from, to] : [to, from];
    return db.transaction(async (tx) => {
      const first = await firstVersion(tx, connectionId);
      const earlier = (await versionAt(tx, connectionId, start)) ?? first;
      const later = (await versionAt(tx, connectionId, end)) ?? first;
      if (!earlier || !later) return null;
      const [then, now] = await readSnapshots(tx, connectionId, [earlier, later]);
      if (!then || !now) return null;
      const before = seeEstate(actor, 'estate.listChanges', then);
      const after = seeEstate(actor, 'estate.listChanges', now);
      const changes = cloudChanges(diffEstates(before, after), before, after).filter(
        ({ kind }) => kind !== 'gaps',
      );
      const rows = await changeRows(tx, connectionId, earlier.number, later.number);
      const audits = await groupAudits(tx, connectionId, earlier.number, later.number);
      const span = changeSpan(rows, earlier, later);
      const own = await ownWrites(tx, connectionId, ...span);
      const ownFunctions = await readOwnFunctionChanges(tx, connectionId, ...span);
      const resets = await readResets(tx, connectionId, ...span);
      const findObjectAfter = objectsIn(after);
      const view = (change: EstateChange): ObjectChangeView => {
        const object = findObjectAfter(change);
        const filed = rows.get(changeKey(change)) ?? [];
        const last = filed.at(-1);
        return {
          ...changeName(change, object, change.op === 'removed' ? before : after),
          change,
          after: last?.seenAt?.toISOString() ?? null,
          by: (last?.firstAt ?? later.firstAt).toISOString(),
          measured: isMeasured(change),
          who: findActor(change, object, filed, audits, own, ownFunctions),
        };
      };
      // By the sandbox reset that made them; null = none did, or the account is real.
      const groups = groupBy(changes, (change) => [
        isMeasured(change) ? null : findReset(resets, rows.get(changeKey(change))?.at(-1)),
      ]);
      const others = groups.get(null) ?? [];
      return {
        from: toSnapshotView(earlier, before),
        to: toSnapshotView(later, after),
        changes: others.slice(0, changesMax).map(view),
        total: others.length,
        resets: resets.flatMap((reset) => {
          const changed = groups.get(reset) ?? [];
          if (changed.length === 0) return [];
          const { id, kind, actor, at } = reset;
          const first = changed.slice(0, resetChangesMax).map(view);
          return [{ id, kind, actor, at: at.toISOString(), changes: first, total: changed.length }];
        }),
      };
    }, atOnce);
  },
);
