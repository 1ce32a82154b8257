import 'server-only';
import { and, eq, inArray, max } from 'drizzle-orm';
import { z } from 'zod';
import type { BindingsView } from '@/lib/contract/estate';
import type { Database } from '@/lib/db/database';
import { estateChanges, estateVersions } from '@/lib/db/schema';
import {
  type BindingQuery,
  bindingColumns,
  type DatedBinding,
  findBindings,
  parseBindingQuery,
} from '@/lib/estate/bindings/binding-query';
import { type Binding, bindingHealths, bindingKinds, collectBindings } from '@/lib/estate/bindings/bindings';
import type { Estate } from '@/lib/estate/model';
import type { Actor } from '@/lib/policy/actor';
import { seeEstate } from '@/lib/server/access/see-estate';
import { AddressQuery, listQueryFields, pageQuery } from '@/lib/server/page-params';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { newestEstate } from '@/lib/store/estate/newest-estate';
import { deriveOnce } from './derive-once';

/** The query of an address as accepted by the server. */
const BindingQueryInput = z.object({
  ...listQueryFields(bindingColumns),
  kind: z.enum(bindingKinds).nullable(),
  health: z.enum(bindingHealths).nullable(),
});

/** The query of the page's address, parsed and validated. */
export const BindingAddress = AddressQuery.transform(parseBindingQuery).pipe(BindingQueryInput);

/**
 * Returns when rules and listeners last changed within the history, by list and id.
 * @param some the requested bindings; null = all
 */
async function lastChanges(
  db: Database,
  connectionId: string,
  some: readonly Binding[] | null,
): Promise<ReadonlyMap<string, string>> {
  const rows = await db
    .select({ kind: estateChanges.kind, key: estateChanges.key, at: max(estateVersions.firstAt) })
    .from(estateChanges)
    .innerJoin(
      estateVersions,
      and(
        eq(estateVersions.connectionId, estateChanges.connectionId),
        eq(estateVersions.number, estateChanges.version),
      ),
    )
    .where(
      and(
        eq(estateChanges.connectionId, connectionId),
        inArray(estateChanges.kind, ['rules', 'listeners']),
        eq(estateChanges.measured, false),
        some === null
          ? undefined
          : inArray(
              estateChanges.key,
              some.map(({ id }) => id),
            ),
      ),
    )
    .groupBy(estateChanges.kind, estateChanges.key);
  return new Map(rows.map(({ kind, key, at }) => [`${kind}/${key}`, at?.toISOString() ?? '']));
}

const collectOnce = deriveOnce(collectBindings);

type Found = {
  readonly estate: Estate;
  readonly rows: readonly DatedBinding[];
  readonly found: number;
  readonly total: number;
};

/**
 * Finds the bindings of a connection that a query selects, in its order, as of the last sync; null before the first.
 * @param page the requested rows; null = all
 */
export async function readBindings(
  connectionId: string,
  asked: BindingQuery,
  actor: Actor,
  page: { readonly offset: number; readonly limit: number } | null,
): Promise<Found | null> {
  const { db } = (await serverContext()).database;
  const newest = await newestEstate(db, connectionId);
  if (newest === null) return null;
  const estate = seeEstate(actor, 'binding.list', newest);
  const bindings = collectOnce(estate);
  const date = (some: readonly Binding[], changes: ReadonlyMap<string, string>) =>
    some.map(
      (binding): DatedBinding => ({
        ...binding,
        changedAt: changes.get(`${binding.list}/${binding.id}`) ?? null,
      }),
    );
  const cut = <Row>(rows: readonly Row[]) =>
    page === null ? rows : rows.slice(page.offset, page.offset + page.limit);
  const total = bindings.length;
  if (asked.sort === 'changedAt') {
    const found = findBindings(date(bindings, await lastChanges(db, connectionId, null)), asked);
    return { estate, rows: cut(found), found: found.length, total };
  }
  // For one page, only the history of its rows is read.
  const found = findBindings(date(bindings, new Map()), asked);
  const shown = cut(found);
  const changes = await lastChanges(db, connectionId, page === null ? null : shown);
  return { estate, rows: date(shown, changes), found: found.length, total };
}

/**
 * Returns one page of the rules and layer 4 listeners of a connection that pass a filter, in an order; null before the
 * first sync. `params` are those of the page's address, with `offset` and `limit`.
 */
export const listBindings = query(
  'binding.list',
  z.object({ connectionId: z.string(), query: pageQuery(parseBindingQuery, BindingQueryInput) }),
  ({ connectionId }) => ({ connections: [connectionId] }),
  async ({ connectionId, query: { asked, ...page } }, actor): Promise<BindingsView | null> => {
    const read = await readBindings(connectionId, asked, actor, page);
    if (read === null) return null;
    const { estate, rows, found, total } = read;
    return { takenAt: estate.takenAt, regions: estate.regions, gaps: estate.gaps, rows, found, total };
  },
);
