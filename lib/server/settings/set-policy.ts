'use server';

import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { SetPolicyAction } from '@/lib/contract/policy';
import { policies } from '@/lib/db/schema';
import { connectionKinds } from '@/lib/policy/connection-kinds';
import { Policy } from '@/lib/policy/policy';
import { ok } from '@/lib/result';
import { verb } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { checkGuards, refuse } from '@/lib/store/refusal';

const SetInput = Policy.extend({
  kind: z.enum(connectionKinds),
  /** The time at which the edited policy was set; null = never. */
  readAt: z.iso.datetime('instant.invalid').nullable(),
});

/**
 * Sets the policy for all plans on connections of a kind. Scheduled plans keep their schedule and guards. Refused if the policy was changed since it was read, so
 * that a user can't overwrite another user's rule unseen, or if a guard has no value with the settings.
 */
export const setPolicy = verb(
  'policy.set',
  SetInput,
  'all',
  async ({ kind, readAt, ...policy }, actor, note): ReturnType<SetPolicyAction> => {
    note({ kind });
    const { database, settings } = await serverContext();
    const guarded = checkGuards(policy.guards, settings, 'guards');
    if (!guarded.ok) return guarded;
    const { db } = database;
    const values = { ...policy, setBy: actor.name, setAt: new Date() };
    const done =
      readAt === null
        ? await db
            .insert(policies)
            .values({ kind, ...values })
            .onConflictDoNothing()
            .returning()
        : await db
            .update(policies)
            .set(values)
            .where(and(eq(policies.kind, kind), eq(policies.setAt, new Date(readAt))))
            .returning();
    return done.length === 0 ? refuse('policy.changed') : ok(null);
  },
);
