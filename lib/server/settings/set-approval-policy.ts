'use server';

import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { SetApprovalPolicyAction } from '@/lib/contract/approval';
import { approvalPolicies } from '@/lib/db/schema';
import { ApprovalRules } from '@/lib/policy/approval-rules';
import { ok } from '@/lib/result';
import { verb } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { refuse } from '@/lib/store/refusal';

const SetInput = z.object({
  rules: ApprovalRules,
  /** The time at which the edited rules were set; null = never. */
  readAt: z.iso.datetime('instant.invalid').nullable(),
});

/**
 * Sets the approval rules. They apply at once, also to plans that wait: each check reads them. Refused if they were
 * changed since they were read, so that a user can't overwrite another user's rules unseen.
 */
export const setApprovalPolicy = verb(
  'approvalPolicy.set',
  SetInput,
  'all',
  async ({ rules, readAt }, actor, note): ReturnType<SetApprovalPolicyAction> => {
    note({ rules: rules.length, approvals: Math.max(0, ...rules.map(({ approvals }) => approvals)) });
    const { db } = (await serverContext()).database;
    const values = { rules, setBy: actor.name, setAt: new Date() };
    const done =
      readAt === null
        ? await db.insert(approvalPolicies).values(values).onConflictDoNothing().returning()
        : await db
            .update(approvalPolicies)
            .set(values)
            .where(eq(approvalPolicies.setAt, new Date(readAt)))
            .returning();
    return done.length === 0 ? refuse('policy.changed') : ok(null);
  },
);
