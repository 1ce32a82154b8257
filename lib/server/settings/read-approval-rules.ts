import 'server-only';
import { z } from 'zod';
import type { ApprovalRulesView } from '@/lib/client/approvals/approval-views';
import type { Database } from '@/lib/db/database';
import { type ApprovalRule, readStoredApprovalRules } from '@/lib/policy/approval-rules';
import { serverContext } from '@/lib/server/context';
import { query } from '@/lib/server/verb';

/** Reads the approval rules, in order. */
export async function readApprovalRules(db: Pick<Database, 'query'>): Promise<readonly ApprovalRule[]> {
  const row = await db.query.approvalPolicies.findFirst();
  return row === undefined ? [] : readStoredApprovalRules(row.rules).rules;
}

/** Returns the approval rules, in order, and who set them. */
export const getApprovalPolicy = query(
  'approvalPolicy.get',
  z.void(),
  'all',
  async (): Promise<ApprovalRulesView> => {
    const { db } = (await serverContext()).database;
    const row = await db.query.approvalPolicies.findFirst();
    return {
      ...readStoredApprovalRules(row?.rules ?? []),
      set: row === undefined ? null : { by: row.setBy, at: row.setAt.toISOString() },
    };
  },
);
