import { startSync } from '@/lib/server/estate/start-sync';
import { createPlan } from '@/lib/server/plans/create-plan';
import { getPlan } from '@/lib/server/plans/get-plan';
import { applyPlan } from '@/lib/server/runs/apply-plan';
import { commandRun } from '@/lib/server/runs/command-run';

/** The dashboard verbs that tests call: in their own process, or in one of another build (`startTestWeb`). */
export const webVerbs = { startSync, createPlan, getPlan, applyPlan, commandRun };
export type WebVerbs = typeof webVerbs;
