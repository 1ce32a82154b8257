import 'server-only';
import { asc } from 'drizzle-orm';
import { z } from 'zod';
import type { SafetyRulesView } from '@/lib/contract/safety';
import { safetyRules } from '@/lib/db/schema';
import { readStoredRule } from '@/lib/safety/safety-rule';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';

/** Returns the safety rules with the states of their gates, in the order in which they were created. */
export const listSafetyRules = query(
  'safetyRule.list',
  z.void(),
  'all',
  async (): Promise<SafetyRulesView> => {
    const { db } = (await serverContext()).database;
    const rows = await db.select().from(safetyRules).orderBy(asc(safetyRules.id));
    return {
      rules: rows.map((row) => ({
        ...readStoredRule(row),
        changedBy: row.changedBy,
        changedAt: row.changedAt.toISOString(),
      })),
    };
  },
);
