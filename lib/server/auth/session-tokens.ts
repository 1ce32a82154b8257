import 'server-only';
import type { BetterAuthOptions, DBAdapter, Where } from 'better-auth';
import { hashToken } from '@/lib/server/calendar/hash-token';

type Query = { readonly model: string; readonly where?: Where[] | undefined };

/** Returns a query of sessions with the hashes of the tokens that it names; others unchanged. */
function hashTokens<Q extends Query>(query: Q): Q {
  if (query.model !== 'session' || query.where === undefined) return query;
  const where = query.where.map((each) =>
    each.field === 'token' ? { ...each, value: hashToken(String(each.value)) } : each,
  );
  return { ...query, where };
}

/** Gives a session the token by which it was found, so that better-auth finds it again, and puts it into the cookie. */
function restoreToken<T>({ model, where }: Query, row: T): T {
  const token = where?.find(({ field }) => field === 'token')?.value;
  if (model !== 'session' || typeof token !== 'string' || typeof row !== 'object' || row === null) return row;
  return { ...row, token };
}

/**
 * Wraps the database of better-auth so that it finds sessions by the SHA-256 of their tokens, which alone is stored: a copy of the
 * database opens no session. A session that is not found by its token has the hash in its place, so it is ended by its
 * id. `hashNewToken` stores it.
 */
export function findByTokenHash(
  open: (options: BetterAuthOptions) => DBAdapter,
): (options: BetterAuthOptions) => DBAdapter {
  return (options) => {
    const stored = open(options);
    return {
      ...stored,
      findOne: async <T>(query: Parameters<DBAdapter['findOne']>[0]) =>
        restoreToken(query, await stored.findOne<T>(hashTokens(query))),
      findMany: async <T>(query: Parameters<DBAdapter['findMany']>[0]) => {
        const rows = await stored.findMany<T>(hashTokens(query));
        return rows.map((row) => restoreToken(query, row));
      },
      update: async <T>(query: Parameters<DBAdapter['update']>[0]) =>
        restoreToken(query, await stored.update<T>(hashTokens(query))),
      delete: (query) => stored.delete(hashTokens(query)),
      deleteMany: (query) => stored.deleteMany(hashTokens(query)),
    };
  };
}

/** Replaces the token of a session that is about to be stored by its hash. */
export const hashNewToken = async ({ token }: { readonly token: string }) => ({
  data: { token: hashToken(token) },
});
