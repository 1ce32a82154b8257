import 'server-only';
import type { Database } from '@/lib/db/database';
import { type ApprovalRule, readStoredApprovalRules } from '@/lib/policy/approval-rules';

/** Reads the approval rules, in order. */
export async function readApprovalRules(db: Pick<Database, 'query'>): Promise<readonly ApprovalRule[]> {
  const row = await db.query.approvalPolicies.findFirst();
  return row === undefined ? [] : readStoredApprovalRules(row.rules).rules;
}
