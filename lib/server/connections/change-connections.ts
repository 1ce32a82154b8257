'use server';

import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type {
  AddConnectionAction,
  ChangeConnectionAction,
  RemoveConnectionAction,
  RotateConnectionKeysAction,
  TestConnectionAction,
  TypedKey,
  WriteKey,
} from '@/lib/contract/connection';
import type { Database } from '@/lib/db/database';
import { connectionKeys, connections, connectionTests, switches } from '@/lib/db/schema';
import { findSealingKey, sealingContext } from '@/lib/db/sealing-keys';
import { movedDomain } from '@/lib/diversion/routes';
import { regionCode } from '@/lib/region-code';
import { ok } from '@/lib/result';
import { seal } from '@/lib/sealed-box';
import { verb } from '@/lib/server/verb';
import { listConnectionIds } from '@/lib/store/connections/list-connection-ids';
import { serverContext } from '@/lib/store/context';
import { refuse, refuseFields } from '@/lib/store/refusal';
import { exclusively } from '@/lib/store/runs/exclusively';

/** The maximum number of connections that people add: each is synced every minute. */
const connectionsMax = 50;

const Id = z.string().min(1).max(100);
const Name = z.string().trim().min(1, 'name.missing').max(80, 'name.tooLong');
const Regions = z
  .array(regionCode('connection.region'))
  .min(1, 'connection.regions')
  .max(30, 'connection.regions')
  .transform((regions) => [...new Set(regions)]);
/** Typed or pasted: https://www.tencentcloud.com/document/product/598/32675 shows the form of both. */
const Key = z.strictObject({
  secretId: z
    .string()
    .trim()
    .regex(/^[\w-]{8,128}$/, 'connection.secretId'),
  secretKey: z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]{8,128}$/, 'connection.secretKey'),
});
/** https://www.tencentcloud.com/document/product/1150/49452 */
const Arn = z
  .string()
  .trim()
  .max(300, 'connection.roleArn')
  .regex(/^qcs::cam::uin\/\d+:(role|roleName)\/[\w+=,.@/-]+$/, 'connection.roleArn');
const Role = z.strictObject({
  arn: Arn,
  writeArn: Arn.nullable(),
  session: z
    .string()
    .trim()
    .regex(/^[\w+=,.@-]{2,128}$/, 'connection.roleSession'),
  externalId: z
    .string()
    .trim()
    .regex(/^[\w+=,.@:/-]{2,128}$/, 'connection.roleExternalId')
    .nullable(),
  durationS: z.int().min(900, 'connection.roleDuration').max(43_200, 'connection.roleDuration'),
});

/** Returns the columns of a role. */
const roleColumns = (role: z.output<typeof Role> | null) => ({
  roleArn: role?.arn ?? null,
  writeRoleArn: role?.writeArn ?? null,
  roleSession: role?.session ?? null,
  roleExternalId: role?.externalId ?? null,
  roleDurationS: role?.durationS ?? null,
});

const Writes = z.enum(['none', 'same', 'own']);

/** The characters by which people recognize a key. */
const keyEnd = ({ secretId }: TypedKey) => secretId.slice(-4);

/** Returns the columns of a key, sealed at once: this process can't open it again. */
const sealKey = (publicKey: string, key: TypedKey, id: string, use: 'read' | 'write') =>
  seal(publicKey, JSON.stringify(key), sealingContext.connection(id, use));

/** Returns an id that no connection has or has had, since stored data belongs to it: `account-live-shop-2`. */
async function chooseId(tx: Pick<Database, 'select'>, name: string): Promise<string> {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40);
  const base = slug === '' ? 'account' : `account-${slug}`;
  const used = await tx.select({ id: connections.id }).from(connections);
  const ids = new Set(used.map(({ id }) => id));
  for (let n = 1; ; n += 1) {
    const id = n === 1 ? base : `${base}-${n}`;
    if (!ids.has(id)) return id;
  }
}

/**
 * Returns whether the sandbox of this machine runs code without a jail: that code could read the private key with which
 * workers open the keys of real accounts.
 */
async function runsUnjailed(tx: Pick<Database, 'select'>): Promise<boolean> {
  const sandboxes = await tx
    .select({ isolation: connections.isolation })
    .from(connections)
    .where(and(eq(connections.kind, 'sandbox'), eq(connections.available, true)));
  return sandboxes.some(({ isolation }) => isolation !== null && isolation !== 'jail');
}

const isSameName = (name: string) => sql`lower(${connections.name}) = lower(${name})`;

/** Returns the refusal of a missing or surplus key for writes; null = it fits. */
const checkWriteKey = (writes: WriteKey, hasKey: boolean) =>
  writes === 'own' && !hasKey ? refuseFields({ 'write.secretId': ['connection.writeKey'] }) : null;

/**
 * Adds a connection. Its keys are sealed at once: only workers can open them. A worker uses it within seconds, without a
 * restart, after the cloud has confirmed whose keys they are.
 */
export const addConnection = verb(
  'connection.add',
  z.object({
    name: Name,
    kind: z.enum(['sandbox', 'tencent']),
    site: z.enum(['mainland', 'international']),
    regions: Regions,
    read: Key,
    writes: Writes,
    write: Key.nullable(),
    role: Role.nullable().default(null),
  }),
  'all',
  async (input, actor, note): ReturnType<AddConnectionAction> => {
    const { name, kind, site, regions, read, writes } = input;
    const write = writes === 'own' ? input.write : null;
    note({ name, kind, writes, readKeyEnd: keyEnd(read) });
    const missing = checkWriteKey(writes, write !== null);
    if (missing !== null) return missing;
    const { database, settings } = await serverContext();
    return database.db.transaction(async (tx) => {
      const publicKey = await findSealingKey(tx);
      if (publicKey === null) return refuse('sealing.noKey');
      if ((await tx.$count(connectionKeys)) >= connectionsMax)
        return refuse('connection.tooMany', { max: connectionsMax });
      if ((await tx.$count(connections, and(isSameName(name), eq(connections.available, true)))) > 0)
        return refuseFields({ name: ['connection.sameName'] });
      const mayRunUnjailed = settings.SPILLWAY_SANDBOX_UNJAILED_FUNCTIONS === 'allow';
      if (kind === 'tencent' && !mayRunUnjailed && (await runsUnjailed(tx)))
        return refuse('connection.unjailed');
      const id = await chooseId(tx, name);
      await tx.insert(connections).values({ id, name, kind, portOffset: 0, available: false });
      await tx.insert(connectionKeys).values({
        connectionId: id,
        site,
        regions,
        writes,
        readKeyEnd: keyEnd(read),
        writeKeyEnd: write === null ? null : keyEnd(write),
        sealedRead: sealKey(publicKey, read, id, 'read'),
        sealedWrite: write === null ? null : sealKey(publicKey, write, id, 'write'),
        ...roleColumns(input.role),
        createdBy: actor.name,
        changedBy: actor.name,
      });
      await requestTest(tx, id, actor.name);
      return ok({ id });
    });
  },
);

/** Stores that a worker should test a connection. */
async function requestTest(tx: Pick<Database, 'insert'>, connectionId: string, requestedBy: string) {
  const request = { requestedBy, requestedAt: new Date(), finishedAt: null, result: null };
  await tx
    .insert(connectionTests)
    .values({ connectionId, ...request })
    .onConflictDoUpdate({ target: connectionTests.connectionId, set: request });
}

/**
 * Requests a test of a connection: whose keys they are, one read for each feature, and the rights that are missing. A
 * worker runs it within seconds; the list has the result.
 */
export const testConnection = verb(
  'connection.test',
  z.object({ id: Id }),
  ({ id }) => ({ connections: [id] }),
  async ({ id }, actor): ReturnType<TestConnectionAction> => {
    const { db } = (await serverContext()).database;
    const isUsable = sql`(${connections.available} or exists (select from ${connectionKeys} where ${connectionKeys.connectionId} = ${connections.id}))`;
    if ((await db.$count(connections, and(eq(connections.id, id), isUsable))) === 0)
      return refuse('connection.gone', { id });
    await requestTest(db, id, actor.name);
    return ok(null);
  },
);

/** Changes the name, the regions and the role of a connection that people have added. */
export const changeConnection = verb(
  'connection.change',
  z.object({ id: Id, name: Name, regions: Regions, role: Role.nullable().default(null) }),
  ({ id }) => ({ connections: [id] }),
  async ({ id, name, regions, role }, actor, note): ReturnType<ChangeConnectionAction> => {
    note({ name });
    const { db } = (await serverContext()).database;
    return db.transaction(async (tx) => {
      const others = and(isSameName(name), eq(connections.available, true), sql`${connections.id} <> ${id}`);
      if ((await tx.$count(connections, others)) > 0) return refuseFields({ name: ['connection.sameName'] });
      const changed = await tx
        .update(connectionKeys)
        .set({ regions, ...roleColumns(role), ...changedBy(actor.name) })
        .where(eq(connectionKeys.connectionId, id))
        .returning({ version: connectionKeys.version });
      if (changed.length === 0) return refuse('connection.notAdded');
      await tx.update(connections).set({ name, problem: null }).where(eq(connections.id, id));
      await requestTest(tx, id, actor.name);
      return ok(null);
    });
  },
);

const changedBy = (name: string) => ({
  version: sql`${connectionKeys.version} + 1`,
  changedBy: name,
  changedAt: sql`now()`,
});

/**
 * Replaces keys of a connection. Workers use the new ones once the cloud has confirmed that they belong to the same
 * account; until then they continue with the old ones.
 */
export const rotateConnectionKeys = verb(
  'connection.rotateKeys',
  z.object({ id: Id, read: Key.nullable(), writes: Writes, write: Key.nullable() }),
  ({ id }) => ({ connections: [id] }),
  async (input, actor, note): ReturnType<RotateConnectionKeysAction> => {
    const { id, read, writes } = input;
    const write = writes === 'own' ? input.write : null;
    note({ writes, ...(read === null ? {} : { readKeyEnd: keyEnd(read) }) });
    const { db } = (await serverContext()).database;
    return db.transaction(async (tx) => {
      const publicKey = await findSealingKey(tx);
      if (publicKey === null) return refuse('sealing.noKey');
      const [known] = await tx
        .select({ writeKeyEnd: connectionKeys.writeKeyEnd })
        .from(connectionKeys)
        .where(eq(connectionKeys.connectionId, id))
        .for('no key update', { of: connectionKeys });
      if (known === undefined) return refuse('connection.notAdded');
      const missing = checkWriteKey(writes, write !== null || known.writeKeyEnd !== null);
      if (missing !== null) return missing;
      const ownKey = write && {
        writeKeyEnd: keyEnd(write),
        sealedWrite: sealKey(publicKey, write, id, 'write'),
      };
      await tx
        .update(connectionKeys)
        .set({
          writes,
          ...(read && { readKeyEnd: keyEnd(read), sealedRead: sealKey(publicKey, read, id, 'read') }),
          ...(writes === 'own' ? ownKey : { writeKeyEnd: null, sealedWrite: null }),
          ...changedBy(actor.name),
        })
        .where(eq(connectionKeys.connectionId, id));
      await tx.update(connections).set({ problem: null }).where(eq(connections.id, id));
      await requestTest(tx, id, actor.name);
      return ok(null);
    });
  },
);

/**
 * Removes a connection with its keys. What was read of its account, its runs and its plans stay. Refused while a run of
 * it is open, and while one of its Switches may fail over.
 */
export const removeConnection = verb(
  'connection.remove',
  z.object({ id: Id }),
  ({ id }) => ({ connections: [id] }),
  async ({ id }): ReturnType<RemoveConnectionAction> => {
    const { pool } = (await serverContext()).database;
    return exclusively(pool, async ({ db, runs }) => {
      const [known] = await db
        .select({ name: connections.name })
        .from(connectionKeys)
        .innerJoin(connections, eq(connections.id, connectionKeys.connectionId))
        .where(eq(connectionKeys.connectionId, id));
      if (known === undefined) return refuse('connection.notAdded');
      const open = runs.filter(({ plan }) => listConnectionIds(plan).includes(id)).map((run) => run.id);
      if (open.length > 0) return refuse('connection.hasRuns', { runs: open.join(', ') });
      const enabled = await db
        .select({ diversion: switches.diversion })
        .from(switches)
        .where(and(eq(switches.connectionId, id), eq(switches.state, 'enabled')));
      if (enabled.length > 0) {
        const names = enabled.map(({ diversion }) => movedDomain(diversion));
        return refuse('connection.hasFailover', { switches: names.join(', ') });
      }
      await db.delete(connectionKeys).where(eq(connectionKeys.connectionId, id));
      await db.delete(connectionTests).where(eq(connectionTests.connectionId, id));
      const gone = { available: false, problem: null, verifiedVersion: null };
      await db.update(connections).set(gone).where(eq(connections.id, id));
      return ok(null);
    });
  },
);
