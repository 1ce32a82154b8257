import { and, eq, sql } from 'drizzle-orm';
import type { RateLedger } from '@/lib/cloud/rate-budgets';
import type { Rank } from '@/lib/cloud/rate-limiter';
import type { Database } from '@/lib/db/database';
import { rateLeases } from '@/lib/db/schema';

/** A process that uses an account's key, and its share of one budget. */
export type Holder = {
  readonly name: string;
  /** The highest rank of its pending requests; null = it is alive, but sends nothing of this kind. */
  readonly rank: Rank | null;
  /** Requests per second that the cloud may count for it. */
  readonly permits: number;
};

/** Runs take precedence over a sync that a user requested, and that over the background. */
const weights: Readonly<Record<Rank, number>> = { run: 8, requested: 2, background: 1 };

const holderWeight = ({ rank }: Holder): number => (rank === null ? 0 : weights[rank]);

/**
 * Divides the requests per second that a key may send of one action in one region. Each holder that claims gets one, as
 * far as they go; the rest is divided by rank. One request per second is reserved for each holder that does not claim,
 * so that it can begin at once.
 * @returns whole requests per second by name; together at most `perSecond`
 */
export function divideBudget(perSecond: number, holders: readonly Holder[]): ReadonlyMap<string, number> {
  const asking = holders
    .filter(({ rank }) => rank !== null)
    .sort((a, b) => holderWeight(b) - holderWeight(a) || (a.name < b.name ? -1 : 1));
  const idle = holders.length - asking.length;
  const pool = perSecond - Math.min(idle, Math.max(0, perSecond - asking.length));
  const rest = Math.max(0, pool - asking.length);
  const sum = asking.reduce((total, holder) => total + holderWeight(holder), 0);
  const parts = asking.map((holder, place) => ({
    name: holder.name,
    permits: (place < pool ? 1 : 0) + Math.floor((rest * holderWeight(holder)) / sum),
  }));
  let left = pool - parts.reduce((total, { permits }) => total + permits, 0);
  return new Map(
    parts.map(({ name, permits }) => {
      const more = left > 0 ? 1 : 0;
      left -= more;
      return [name, permits + more];
    }),
  );
}

/**
 * Grants one holder its part of a budget, but no more than the others currently leave: they give up their excess at
 * their next claim.
 * @returns requests per second; 0 if it does not claim
 */
export function grantShare(
  perSecond: number,
  own: Holder,
  others: readonly Holder[],
): { readonly permits: number; readonly target: number } {
  const target = divideBudget(perSecond, [own, ...others]).get(own.name) ?? 0;
  const held = others.reduce((total, { permits }) => total + permits, 0);
  return { permits: Math.max(0, Math.min(target, perSecond - held)), target };
}

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
