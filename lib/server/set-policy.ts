import 'server-only';
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { SetPolicyAction } from '@/lib/client/actions';
import { policies } from '@/lib/db/schema';
import { connectionKinds, Policy } from '@/lib/policy/policy';
import { ok } from '@/lib/result';
import { currentActor } from './actor';
import { serverContext } from './context';
import { parseInput } from './parse-input';
import { refuse } from './refusal';

const SetInput = Policy.extend({
  kind: z.enum(connectionKinds),
  /** When the policy that was changed had been set; null = never. */
  readAt: z.iso.datetime('instant.invalid').nullable(),
});

/**
 * Settles what holds for all plans on connections of a kind from now on. What is scheduled already keeps its clock and
 * guards; how many approvals it needs is what the policy says when it is looked at.
 * Refused where somebody else has set it since it was read: nobody takes another person's rule away without seeing it.
 */
export const setPolicy = async (input: unknown): ReturnType<SetPolicyAction> => {
  const parsed = parseInput(SetInput, input);
  if (!parsed.ok) return parsed;
  const { kind, readAt, ...policy } = parsed.value;
  const { db } = (await serverContext()).database;
  const values = { ...policy, setBy: currentActor(), setAt: new Date() };
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
};
