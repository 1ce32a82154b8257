import type { DriftedView } from '@/lib/contract/drift';
import type { ActorView, WhoView } from '@/lib/contract/estate';
import type { Database } from '@/lib/db/database';
import { type EstateObject, getList } from '@/lib/estate/estate-lists';
import { byKey, type EstateChange } from '@/lib/estate/history/diff-estates';
import { isMeasured } from '@/lib/estate/history/measured-change';
import { isOfRef } from '@/lib/estate/history/object-of-ref';
import type { Estate } from '@/lib/estate/model';
import type { ObjectRef } from '@/lib/estate/object';
import { type ChangeRow, changeRows, groupAudits } from '@/lib/server/estate/change-rows';
import { findActor } from '@/lib/server/estate/find-actor';
import { ownWrites } from '@/lib/server/estate/own-writes';
import { readSnapshot, versionAt } from '@/lib/server/estate/read-snapshot';
import { writtenAfter } from '@/lib/store/runs/written-after';

/** Fields whose changes affect traffic, by kind of object. */
const seenFields: Readonly<Record<ObjectRef['kind'], readonly string[]>> = {
  rule: ['targets', 'functions'],
  recordSet: ['type', 'value', 'ttlS', 'weight', 'enabled'],
  loadBalancer: ['name', 'network', 'vpcId'],
  listener: ['certificateId', 'protocol', 'port'],
  provisioned: ['provisioned'],
};

/** The assumed maximum difference between the cloud's clock and this one. */
const skewMs = 60_000;

function isSeen(change: EstateChange, { kind }: ObjectRef): boolean {
  if (change.op !== 'changed') return true;
  return !isMeasured(change) && change.fields.some(({ field }) => seenFields[kind].includes(field));
}

/** Returns the object of a series of changes: its current state, or its last state if it was deleted. */
function findObject(estate: Estate, rows: readonly ChangeRow[]): EstateObject | undefined {
  const [first] = rows;
  if (first === undefined || first.change.kind === 'estate') return undefined;
  const { kind, key } = first.change;
  const there = byKey(kind, getList(estate, kind)).get(key);
  const gone = rows.findLast(({ change }) => change.op !== 'changed')?.change;
  return there ?? (gone === undefined || gone.op === 'changed' ? undefined : gone.object);
}

const trailOrder = ['unreadable', 'notSearched', 'partly', 'read'] as const;

function worstTrail(trails: readonly WhoView['trail'][]): WhoView['trail'] {
  const rank = ({ state }: WhoView['trail']) => trailOrder.indexOf(state);
  return trails.toSorted((a, b) => rank(a) - rank(b))[0] ?? { state: 'notSearched' };
}

/**
 * Returns whether an actor may have caused the change: neither the write that left the expected state nor any earlier
 * write did.
 */
function isLater({ at, kind }: ActorView, leftAt: string): boolean {
  const [then, left] = [Date.parse(at), Date.parse(leftAt)];
  return kind === 'run' ? then > left : then >= left - skewMs;
}

/** The time and author of an object's last change. */
export type Since = Pick<DriftedView, 'since' | 'who'>;

/**
 * Finds when objects last changed and who changed them, from the history and the cloud's audit trail.
 * @param objects each with the instant of the write that left it in the expected state
 * @returns in the same order
 */
export async function findDriftActors(
  db: Pick<Database, 'select' | 'execute'>,
  connectionId: string,
  objects: readonly { readonly object: ObjectRef; readonly leftAt: string }[],
): Promise<readonly Since[]> {
  const now = new Date();
  const newest = await versionAt(db, connectionId, now);
  const estate = newest && (await readSnapshot(db, connectionId, newest));
  const unknown: Since = { since: null, who: { actors: [], trail: { state: 'notSearched' } } };
  if (!newest || !estate || objects.length === 0) return objects.map(() => unknown);
  const first = new Date(Math.min(...objects.map(({ leftAt }) => Date.parse(leftAt))));
  const from = (await versionAt(db, connectionId, first))?.number ?? 0;
  const histories = [...(await changeRows(db, connectionId, from, newest.number)).values()];
  const audits = await groupAudits(db, connectionId, from, newest.number);
  const own = await ownWrites(db, connectionId, writtenAfter(first), now);
  const placed = histories.map((rows) => ({ rows, object: findObject(estate, rows) }));
  return objects.map(({ object: ref, leftAt }): Since => {
    const mine = placed.flatMap(({ rows, object }) => {
      const kind = rows[0]?.change.kind ?? 'estate';
      if (kind === 'estate' || object === undefined || !isOfRef(ref, kind, object)) return [];
      const seen = rows.filter((row) => isSeen(row.change, ref) && row.storedAt.toISOString() >= leftAt);
      const last = seen.at(-1);
      return last === undefined ? [] : [{ last, who: findActor(last.change, object, seen, audits, own) }];
    });
    const [last] = mine.map((each) => each.last).toSorted((a, b) => b.version - a.version);
    if (last === undefined) return unknown;
    const after = last.seenAt === null ? null : last.seenAt.toISOString();
    const actors = mine.flatMap(({ who }) => who.actors).filter((actor) => isLater(actor, leftAt));
    const once = new Map(
      actors.map((actor) => [
        actor.kind === 'function' ? actor.id : `${actor.requestId} ${actor.action}`,
        actor,
      ]),
    );
    return {
      since: {
        after: after !== null && after > leftAt ? after : leftAt,
        by: last.firstAt.toISOString(),
      },
      who: {
        actors: [...once.values()].sort((a, b) => b.at.localeCompare(a.at)),
        trail: worstTrail(mine.map(({ who }) => who.trail)),
      },
    };
  });
}
