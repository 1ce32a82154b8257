import 'server-only';
import { and, desc, eq, inArray, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { z } from 'zod';
import type { SearchKind, SearchView } from '@/lib/contract/search';
import type { Database } from '@/lib/db/database';
import { connections, diversions, plans, runs, switches } from '@/lib/db/schema';
import { getHostName } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import { routes } from '@/lib/routes';
import { readSight, type Sight } from '@/lib/server/access/read-sight';
import { maySee, seeEstate } from '@/lib/server/access/see-estate';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { newestSnapshot } from '@/lib/store/estate/newest-estate';
import { type Findable, pickHits, splitWords } from './pick-hits';

/** The number of rows read of one kind: more than are listed, so that the best matches are among them. */
const rowsMax = 50;

/** Returns a `LIKE` pattern that finds a word anywhere; `%`, `_` and `\` are escaped. */
const likeWord = (word: string) => `%${word.replace(/[\\%_]/g, (special) => `\\${special}`)}%`;

/** The search text of a diversion with its plans and runs. */
const diversionText = sql`concat_ws(' ', ${diversions.id}, ${diversions.name}, array_to_string(${diversions.domains}, ' '), ${diversions.owner}, ${connections.name})`;

/** Returns the condition that all words of a query occur in a text. */
function hasWords(text: ReturnType<typeof sql>, words: readonly string[]) {
  return and(...words.map((word) => sql`${text} ilike ${likeWord(word)}`));
}

/** Returns the condition that a row is among those that someone may see; undefined = they may see all. */
function isSeen(column: PgColumn, ids: ReadonlySet<string> | undefined): SQL | undefined {
  return ids === undefined ? undefined : inArray(column, [...ids]);
}

async function findDiversions(
  db: Database,
  words: readonly string[],
  sight: Sight | null,
): Promise<readonly Findable[]> {
  const rows = await db
    .select({
      id: diversions.id,
      name: diversions.name,
      domains: diversions.domains,
      text: sql<string>`${diversionText}`,
    })
    .from(diversions)
    .innerJoin(connections, eq(connections.id, diversions.connectionId))
    .where(and(hasWords(diversionText, words), isSeen(diversions.id, sight?.diversions)))
    .orderBy(desc(diversions.createdAt), desc(diversions.id))
    .limit(rowsMax);
  return rows.map(({ id, name, domains, text }) => ({
    kind: 'diversion',
    key: id,
    name: id,
    note: [name, ...domains.filter((domain) => !name.includes(domain))].join(' · '),
    href: routes.diversion(id),
    text,
  }));
}

async function findPlans(
  db: Database,
  words: readonly string[],
  sight: Sight | null,
): Promise<readonly Findable[]> {
  const text = sql`concat_ws(' ', ${plans.id}, ${diversionText})`;
  const rows = await db
    .select({ id: plans.id, revision: plans.revision, name: diversions.name, text: sql<string>`${text}` })
    .from(plans)
    .innerJoin(diversions, eq(diversions.id, plans.diversionId))
    .innerJoin(connections, eq(connections.id, plans.connectionId))
    .where(and(hasWords(text, words), isSeen(diversions.id, sight?.diversions)))
    .orderBy(desc(plans.createdAt), desc(plans.id))
    .limit(rowsMax);
  return rows.map(({ id, revision, name, text }) => ({
    kind: 'plan',
    key: id,
    name: id,
    note: `${name} · ${revision}`,
    href: routes.plan(id),
    text,
  }));
}

async function findRuns(
  db: Database,
  words: readonly string[],
  sight: Sight | null,
): Promise<readonly Findable[]> {
  const text = sql`concat_ws(' ', ${runs.id}, ${runs.planId}, ${diversionText})`;
  const rows = await db
    .select({ id: runs.id, planId: runs.planId, name: diversions.name, text: sql<string>`${text}` })
    .from(runs)
    .innerJoin(plans, eq(plans.id, runs.planId))
    .innerJoin(diversions, eq(diversions.id, plans.diversionId))
    .innerJoin(connections, eq(connections.id, plans.connectionId))
    .where(and(hasWords(text, words), isSeen(diversions.id, sight?.diversions)))
    .orderBy(desc(runs.createdAt), desc(runs.id))
    .limit(rowsMax);
  return rows.map(({ id, planId, name, text }) => ({
    kind: 'run',
    key: id,
    name: id,
    note: `${name} · ${planId}`,
    href: routes.run(id),
    text,
  }));
}

async function findSwitches(
  db: Database,
  words: readonly string[],
  sight: Sight | null,
): Promise<readonly Findable[]> {
  // All its routes have the same domain.
  const domain = sql<string>`${switches.diversion}->'routes'->0->>'domain'`;
  const text = sql`concat_ws(' ', ${switches.id}, ${domain}, ${connections.name})`;
  const rows = await db
    .select({ id: switches.id, domain, connection: connections.name, text: sql<string>`${text}` })
    .from(switches)
    .innerJoin(connections, eq(connections.id, switches.connectionId))
    .where(and(hasWords(text, words), isSeen(switches.id, sight?.switches)))
    .orderBy(switches.id)
    .limit(rowsMax);
  return rows.map(({ id, domain, connection, text }) => ({
    kind: 'switch',
    key: id,
    name: domain,
    note: `${id} · ${connection}`,
    href: routes.switch(id),
    text,
  }));
}

type Account = { readonly id: string; readonly name: string };

/** Returns the domains of an account: the names of its records and of its rules. */
function* listDomains(estate: Estate, account: Account): Generator<Findable> {
  const names = new Set([
    ...estate.records.filter(({ type }) => /^(A|AAAA|CNAME)$/.test(type)).map(getHostName),
    ...estate.rules.flatMap(({ domains }) => domains),
  ]);
  for (const name of names)
    yield {
      kind: 'domain',
      key: `${account.id} ${name}`,
      name,
      note: account.name,
      href: routes.estateSearch(account.id, name),
      text: `${name} ${account.name}`,
    };
}

function* listLoadBalancers(estate: Estate, account: Account): Generator<Findable> {
  for (const { id, name, region, vips } of estate.loadBalancers)
    yield {
      kind: 'loadBalancer',
      key: `${account.id} ${id}`,
      name,
      note: [id, region, account.name].join(' · '),
      href: routes.estateNode(account.id, `lb:${id}`),
      text: [name, id, region, ...vips, account.name].join(' '),
    };
}

function* listFunctions(estate: Estate, account: Account): Generator<Findable> {
  for (const { name, namespace, region } of estate.functions)
    yield {
      kind: 'function',
      key: `${account.id} ${region}/${namespace}/${name}`,
      name,
      note: [namespace, region, account.name].join(' · '),
      href: routes.function(account.id, { region, namespace, name }),
      text: [name, namespace, region, account.name].join(' '),
    };
}

const estateLists = { domain: listDomains, loadBalancer: listLoadBalancers, function: listFunctions };

/**
 * Returns the objects that match a query: diversions, plans, runs and Switches, and domains, load balancers and
 * functions from the newest snapshot of each account. A few of each kind.
 */
export const searchObjects = query(
  'object.search',
  z.object({ query: z.string().trim().min(1).max(100) }),
  'all',
  async ({ query }, actor): Promise<SearchView> => {
    const { db } = (await serverContext()).database;
    const words = splitWords(query);
    const sight = await readSight(db, actor, 'object.search');
    const [stored, accounts] = await Promise.all([
      Promise.all([
        findDiversions(db, words, sight),
        findPlans(db, words, sight),
        findRuns(db, words, sight),
        findSwitches(db, words, sight),
      ]),
      // A removed connection has no pages that its objects could lead to.
      db
        .select({ id: connections.id, name: connections.name })
        .from(connections)
        .where(eq(connections.available, true))
        .orderBy(connections.id),
    ]);
    const estates = await Promise.all(
      accounts
        .filter(({ id }) => maySee(actor.access, 'object.search', { connectionId: id }))
        .map(async (account) => {
          const estate = await newestSnapshot(db, account.id);
          return { account, estate: estate && seeEstate(actor, 'object.search', estate) };
        }),
    );
    function* findable(kind: keyof typeof estateLists) {
      for (const { account, estate } of estates)
        if (estate !== null) yield* estateLists[kind](estate, account);
    }
    const kinds: readonly (readonly [SearchKind, Iterable<Findable>])[] = [
      ...(['diversion', 'plan', 'run', 'switch'] as const).map(
        (kind, index) => [kind, stored[index] ?? []] as const,
      ),
      ...(['domain', 'loadBalancer', 'function'] as const).map((kind) => [kind, findable(kind)] as const),
    ];
    const picked = kinds.map(([kind, all]) => pickHits(kind, all, query));
    return { hits: picked.flatMap(({ hits }) => hits), more: picked.flatMap(({ more }) => more) };
  },
);
