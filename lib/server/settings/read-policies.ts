import 'server-only';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { PolicyView } from '@/lib/client/views';
import type { Database } from '@/lib/db/database';
import { policies } from '@/lib/db/schema';
import { type ConnectionKind, connectionKinds } from '@/lib/policy/connection-kinds';
import { defaultPolicy, type Policy, readStoredPolicy } from '@/lib/policy/policy';
import { serverContext } from '@/lib/server/context';
import { query } from '@/lib/server/verb';

type Row = typeof policies.$inferSelect;

function stored({ kind, setBy, setAt, ...policy }: Row): PolicyView {
  return { kind, ...readStoredPolicy(policy), set: { by: setBy, at: setAt.toISOString() } };
}

/** Returns the policy for all plans on connections of this kind. */
export async function readPolicy(db: Database, kind: ConnectionKind): Promise<Policy> {
  const [row] = await db.select().from(policies).where(eq(policies.kind, kind));
  return row === undefined ? defaultPolicy : stored(row).policy;
}

/** Reads the policy for each kind of connection, the sandbox first. */
async function readPolicies(db: Database): Promise<readonly PolicyView[]> {
  const rows = await db.select().from(policies);
  return connectionKinds.map((kind) => {
    const row = rows.find((each) => each.kind === kind);
    return row === undefined ? { kind, policy: defaultPolicy, set: null } : stored(row);
  });
}

/** Returns the policy for each kind of connection, the sandbox first. */
export const listPolicies = query('policy.list', z.void(), 'all', async () =>
  readPolicies((await serverContext()).database.db),
);
