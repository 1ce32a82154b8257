import 'server-only';
import { z } from 'zod';
import type { ApprovalRulesView } from '@/lib/contract/approval';
import { readStoredApprovalRules } from '@/lib/policy/approval-rules';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';

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
