import 'server-only';
import { z } from 'zod';
import type { PolicyView } from '@/lib/contract/policy';
import type { Database } from '@/lib/db/database';
import { policies } from '@/lib/db/schema';
import { connectionKinds } from '@/lib/policy/connection-kinds';
import { defaultPolicy } from '@/lib/policy/policy';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { stored } from '@/lib/store/settings/read-policies';

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
