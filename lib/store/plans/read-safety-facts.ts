import type { Database } from '@/lib/db/database';
import type { PlanId } from '@/lib/plan/model/model';
import type { RunId } from '@/lib/run/model/run-id';
import type { SafetyFacts } from '@/lib/safety/safety-facts';
import type { StoredSafetyRule } from '@/lib/safety/safety-rule';
import { readApprovalCount } from './read-approvals';
import { readRuleFacts, readSafetyRules } from './read-rule-facts';

/** The plan that is judged. */
export type SafetySubject = {
  /** null = it is not stored yet. */
  readonly planId: PlanId | null;
  /** Its run; null = it has none. */
  readonly runId: RunId | null;
  readonly isFailover?: boolean;
};

/** Reads the facts that some rules depend on, for a plan or its run. */
export function readFactsFor(
  db: Database,
  rules: readonly StoredSafetyRule[],
  { planId, ...subject }: SafetySubject,
): Promise<SafetyFacts> {
  // The number that the approval rules ask for is not used.
  const countApprovals = async () => (planId === null ? 0 : (await readApprovalCount(db, planId)).given);
  return readRuleFacts(db, rules, { ...subject, countApprovals });
}

/** Reads the safety rules with their facts, for a plan or its run. */
export async function readSafetyFacts(db: Database, subject: SafetySubject): Promise<SafetyFacts> {
  return readFactsFor(db, await readSafetyRules(db), subject);
}
