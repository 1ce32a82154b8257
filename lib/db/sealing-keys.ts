import { isNull, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { openSealed, seal, sealedFor, sealingKey, sealingKeyId } from '@/lib/sealed-box';
import type { Database } from './database';
import * as schema from './schema';

const { alertChannels, connectionKeys, sealingKeys } = schema;

/** Any fixed number: nothing is sealed for the old key while everything is sealed for a new one. */
const sealingLock = 7_410_012;

/** The contexts that secrets are sealed in: each can be opened only as what it is. */
export const sealingContext = {
  alertChannel: (id: string) => `alert channel ${id}`,
  connection: (id: string, use: 'read' | 'write') => `connection ${id} ${use}`,
};

/**
 * Finds the public key that new secrets are sealed for. Until the transaction ends, no other key replaces it.
 * @param tx an open transaction, which stores what is sealed
 * @returns null if no launcher with a private key has run yet
 */
export async function findSealingKey(tx: Pick<Database, 'execute' | 'select'>): Promise<string | null> {
  await tx.execute(sql`select pg_advisory_xact_lock_shared(${sealingLock})`);
  const [current] = await tx
    .select({ publicKey: sealingKeys.publicKey })
    .from(sealingKeys)
    .where(isNull(sealingKeys.retiredAt));
  return current?.publicKey ?? null;
}

async function withOwner<T>(ownerUrl: string, work: (db: Database) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    return await work(drizzle(client, { schema }));
  } finally {
    await client.end();
  }
}

/**
 * Makes the first of some keys the one that secrets are sealed for, unless the database has one already.
 * @param ownerUrl connects as the role that owns the tables
 * @param privateKeys those of this machine; none = only look
 * @returns the id of the key that secrets are sealed for; null = there is none
 */
export function prepareSealingKey(ownerUrl: string, privateKeys: readonly string[]): Promise<string | null> {
  return withOwner(ownerUrl, async (db) => {
    const [first] = privateKeys;
    if (first !== undefined) {
      const publicKey = sealingKey(first);
      await db
        .insert(sealingKeys)
        .values({ id: sealingKeyId(publicKey), publicKey })
        .onConflictDoNothing();
    }
    const current = await db.transaction(findSealingKey);
    return current === null ? null : sealingKeyId(current);
  });
}

/** The result of sealing everything for another key. */
export type SealedAgain = {
  readonly keyId: string;
  /** The number of secrets that were sealed for it. */
  readonly count: number;
  /** Secrets that none of the given keys opens: they keep their key, and must be entered again. */
  readonly lost: readonly string[];
};

/** A stored secret: what it is for people, its context, and how to replace it. */
type StoredSecret = {
  readonly name: string;
  readonly context: string;
  readonly sealed: string;
  readonly replace: (sealed: string) => Promise<unknown>;
};

async function listSecretsIn(tx: Database): Promise<readonly StoredSecret[]> {
  const channels = await tx.select().from(alertChannels);
  const keys = await tx.select().from(connectionKeys);
  return [
    ...channels.map(({ id, name, sealed }) => ({
      name: `the target of the alert channel ${name}`,
      context: sealingContext.alertChannel(id),
      sealed,
      replace: (next: string) =>
        tx.update(alertChannels).set({ sealed: next }).where(sql`${alertChannels.id} = ${id}`),
    })),
    ...keys.flatMap(({ connectionId: id, sealedRead, sealedWrite }) =>
      [
        { use: 'read', sealed: sealedRead, set: (next: string) => ({ sealedRead: next }) } as const,
        { use: 'write', sealed: sealedWrite, set: (next: string) => ({ sealedWrite: next }) } as const,
      ].flatMap(({ use, sealed, set }) =>
        sealed === null
          ? []
          : [
              {
                name: `the key of the connection ${id} (${use})`,
                context: sealingContext.connection(id, use),
                sealed,
                replace: (next: string) =>
                  tx.update(connectionKeys).set(set(next)).where(sql`${connectionKeys.connectionId} = ${id}`),
              },
            ],
      ),
    ),
  ];
}

/**
 * Seals every stored secret for another key, and makes it the one for new secrets, in one transaction: all of it happens,
 * or nothing.
 * @param ownerUrl connects as the role that owns the tables
 * @param privateKeys those that open what is stored now
 * @param next the private key that opens it afterwards
 */
export function sealAgain(
  ownerUrl: string,
  privateKeys: readonly string[],
  next: string,
): Promise<SealedAgain> {
  const publicKey = sealingKey(next);
  const keyId = sealingKeyId(publicKey);
  const keys = [...privateKeys, next];
  return withOwner(ownerUrl, (db) =>
    db.transaction(async (tx) => {
      await tx.execute(sql`select pg_advisory_xact_lock(${sealingLock})`);
      const lost: string[] = [];
      let count = 0;
      for (const { name, context, sealed, replace } of await listSecretsIn(tx)) {
        if (sealedFor(sealed) === keyId) continue;
        const opened = openOrNull(keys, sealed, context);
        if (opened === null) {
          lost.push(name);
          continue;
        }
        await replace(seal(publicKey, opened, context));
        count += 1;
      }
      const retiredAt = sql`now()`;
      await tx
        .update(sealingKeys)
        .set({ retiredAt })
        .where(sql`${sealingKeys.retiredAt} is null and ${sealingKeys.id} <> ${keyId}`);
      await tx
        .insert(sealingKeys)
        .values({ id: keyId, publicKey })
        .onConflictDoUpdate({ target: sealingKeys.id, set: { retiredAt: null } });
      return { keyId, count, lost };
    }),
  );
}

function openOrNull(keys: readonly string[], sealed: string, context: string): string | null {
  try {
    return openSealed(keys, sealed, context);
  } catch {
    // Sealed for a key that is gone, or changed: its owner enters it again.
    return null;
  }
}
