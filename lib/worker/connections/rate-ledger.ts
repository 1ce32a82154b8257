import { and, eq, sql } from 'drizzle-orm';
import type { RateLedger } from '@/lib/cloud/rate-budgets';
import { grantShare, type Holder } from '@/lib/cloud/rate-share';
import type { Database } from '@/lib/db/database';
import { rateLeases } from '@/lib/db/schema';

/** An arbitrary constant, in addition to the account's own. */
const claimLock = 7_410_011;

/** A worker that hangs during a claim must not block the connections of the others. */
const lockWaitMaxMs = 1000;

/** The budget of the row that records that a worker uses the account. */
const presence = '';

/**
 * Creates the ledger of rate limits in the database. Claims on an account are serialized, on the database's clock, so
 * that all leases on a budget together never exceed it. Every claim also records that its worker uses the account.
 * @param holder the worker's name: a restarted worker keeps its own leases
 */
export function createRateLedger(db: Database, holder: string): RateLedger {
  return {
    claim: (account, claims, leaseMs) =>
      db.transaction(async (tx) => {
        await tx.execute(sql`select set_config('lock_timeout', ${String(lockWaitMaxMs)}, true)`);
        await tx.execute(sql`select pg_advisory_xact_lock(${claimLock}, hashtext(${account}))`);
        const until = sql`clock_timestamp() + ${leaseMs} * interval '1 ms'`;
        await tx
          .delete(rateLeases)
          .where(and(eq(rateLeases.account, account), sql`${rateLeases.until} <= clock_timestamp()`));
        const rows = await tx.select().from(rateLeases).where(eq(rateLeases.account, account));
        const others = new Set(rows.map((row) => row.holder).filter((name) => name !== holder));

        const grants = claims.map(({ budget, perSecond, rank, held }) => {
          const leases = new Map(
            rows.filter((row) => row.budget === budget).map((row) => [row.holder, row] as const),
          );
          const inIt = [...others].map((name): Holder => {
            const lease = leases.get(name);
            return { name, rank: lease?.rank ?? null, permits: lease?.permits ?? 0 };
          });
          return grantShare(perSecond, { name: holder, rank, permits: held }, inIt);
        });

        const leases = claims.flatMap(({ budget, rank, held }, place) => {
          const permits = Math.max(held, grants[place]?.permits ?? 0);
          return rank === null && permits === 0 ? [] : [{ budget, rank, permits }];
        });
        await tx
          .delete(rateLeases)
          .where(and(eq(rateLeases.account, account), eq(rateLeases.holder, holder)));
        await tx.insert(rateLeases).values(
          [{ budget: presence, rank: null, permits: 0 }, ...leases].map((lease) => ({
            ...lease,
            account,
            holder,
            until,
          })),
        );
        return { grants, holders: others.size + 1 };
      }),
  };
}
