import 'server-only';
import { eq } from 'drizzle-orm';
import type { PolicyView } from '@/lib/contract/policy';
import type { Database } from '@/lib/db/database';
import { policies } from '@/lib/db/schema';
import type { ConnectionKind } from '@/lib/policy/connection-kinds';
import { defaultPolicy, type Policy, readStoredPolicy } from '@/lib/policy/policy';

type Row = typeof policies.$inferSelect;

export function stored({ kind, setBy, setAt, ...policy }: Row): PolicyView {
  return { kind, ...readStoredPolicy(policy), set: { by: setBy, at: setAt.toISOString() } };
}

/** Returns the policy for all plans on connections of this kind. */
export async function readPolicy(db: Database, kind: ConnectionKind): Promise<Policy> {
  const [row] = await db.select().from(policies).where(eq(policies.kind, kind));
  return row === undefined ? defaultPolicy : stored(row).policy;
}
