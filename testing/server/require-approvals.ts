import type { Database } from '@/lib/db/database';
import { approvalPolicies } from '@/lib/db/schema';
import type { ApprovalRule } from '@/lib/policy/approval-rules';

/** Returns a rule that decides every plan. */
export function testApprovalRule(approvals: number, change: Partial<ApprovalRule> = {}): ApprovalRule {
  return {
    name: 'All',
    match: { kind: null, connectionId: null, region: null, domain: null },
    from: { writes: null, dnsWrites: null, routes: null, sharePercent: null, warnings: false },
    approvals,
    selfApproval: false,
    expiresAfterH: null,
    rehearsedWithinH: null,
    breakGlass: true,
    ...change,
  };
}

/** Sets the approval rules, whatever they were. */
export async function setRules(db: Pick<Database, 'insert'>, rules: readonly ApprovalRule[]): Promise<void> {
  const values = { rules, setBy: 'test', setAt: new Date() };
  await db
    .insert(approvalPolicies)
    .values(values)
    .onConflictDoUpdate({ target: approvalPolicies.id, set: values });
}

/** Makes every plan need approvals, of anyone but its authors. */
export function requireApprovals(db: Pick<Database, 'insert'>, approvals: number): Promise<void> {
  return setRules(db, [testApprovalRule(approvals)]);
}
