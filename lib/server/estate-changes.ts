import 'server-only';
import { and, asc, eq, gt, lte } from 'drizzle-orm';
import type { EstateChangesView, LookView, ObjectChangeView } from '@/lib/client/views';
import { estateChanges as changeRows, estateVersions } from '@/lib/db/schema';
import { byKey, diffEstates, type EstateChange } from '@/lib/estate/diff-estates';
import { type EstateList, listOf } from '@/lib/estate/estate-lists';
import { cloudChanges } from '@/lib/estate/known-estate';
import type { Estate } from '@/lib/estate/model';
import { type ObjectName, objectName } from '@/lib/estate/object-name';
import { serverContext } from './context';
import { atOnce } from './estate-at';
import { firstVersion, knownEstateOf, type Questions, type Version, versionAt } from './known-estate-at';

/** Objects that an answer names: more than anyone reads. A sandbox that gets another world changes all of them. */
const changesMax = 2000;

/** Two looks that something happened between. */
type Window = Pick<ObjectChangeView, 'after' | 'by'>;

const keyOf = ({ kind, key }: { kind: string; key: string }) => `${kind}/${key}`;

/** When each object changed last, of those that changed after one version and up to another. */
async function lastChanges(
  db: Questions,
  connectionId: string,
  from: Version,
  to: Version,
): Promise<ReadonlyMap<string, Window>> {
  const rows = await db
    .select({
      ...{ kind: changeRows.kind, key: changeRows.key },
      ...{ after: changeRows.seenAt, by: estateVersions.firstAt },
    })
    .from(changeRows)
    .innerJoin(
      estateVersions,
      and(
        eq(estateVersions.connectionId, changeRows.connectionId),
        eq(estateVersions.number, changeRows.version),
      ),
    )
    .where(
      and(
        eq(changeRows.connectionId, connectionId),
        gt(changeRows.version, from.number),
        lte(changeRows.version, to.number),
      ),
    )
    .orderBy(asc(changeRows.version));
  return new Map(
    rows.map((row) => [keyOf(row), { after: row.after?.toISOString() ?? null, by: row.by.toISOString() }]),
  );
}

function lookView({ firstAt, lastAt, nextAt }: Version, { gaps }: Estate): LookView {
  return {
    firstAt: firstAt.toISOString(),
    lastAt: lastAt.toISOString(),
    nextAt: nextAt?.toISOString() ?? null,
    unread: gaps,
  };
}

/** What the objects of changes are called, where one of both estates has them. */
function namer(earlier: Estate, later: Estate): (change: EstateChange) => ObjectName {
  const objects = new Map<string, ReturnType<typeof byKey>>();
  const ofList = (list: EstateList) => {
    const all = objects.get(list) ?? byKey(list, listOf(later, list));
    objects.set(list, all);
    return all;
  };
  return (change) => {
    const { kind, key } = change;
    if (kind === 'estate') return { name: '', place: '' };
    const object = change.op === 'changed' ? ofList(kind).get(key) : change.object;
    const estate = change.op === 'removed' ? earlier : later;
    return object === undefined ? { name: key, place: '' } : objectName(kind, object, estate);
  };
}

/**
 * The difference of what was live at two instants, object by object, each with the two looks between which it changed
 * last. A moment before the history begins counts as its beginning.
 * @returns null where nothing is remembered
 */
export async function estateChanges(
  connectionId: string,
  from: Date,
  to: Date,
): Promise<EstateChangesView | null> {
  const { db } = (await serverContext()).database;
  const [start, end] = from <= to ? [from, to] : [to, from];
  return db.transaction(async (tx) => {
    const first = await firstVersion(tx, connectionId);
    const earlier = (await versionAt(tx, connectionId, start)) ?? first;
    const later = (await versionAt(tx, connectionId, end)) ?? first;
    const before = earlier && (await knownEstateOf(tx, connectionId, earlier));
    const after = later && (await knownEstateOf(tx, connectionId, later));
    if (!earlier || !later || !before || !after) return null;
    const changes = cloudChanges(diffEstates(before, after), before, after).filter(
      ({ kind }) => kind !== 'gaps',
    );
    const windows = await lastChanges(tx, connectionId, earlier, later);
    const nameOf = namer(before, after);
    const by = later.firstAt.toISOString();
    return {
      from: lookView(earlier, before),
      to: lookView(later, after),
      changes: changes.slice(0, changesMax).map((change) => ({
        ...nameOf(change),
        ...{ change, after: null, by },
        ...windows.get(keyOf(change)),
      })),
      total: changes.length,
    };
  }, atOnce);
}
