import { applyPlan } from '@/lib/server/apply-plan';
import { commandRun } from '@/lib/server/command-run';
import { createPlan } from '@/lib/server/create-plan';
import { getPlan } from '@/lib/server/get-plan';
import { startSync } from '@/lib/server/start-sync';

/** The dashboard verbs that tests call: in their own process, or in one of another build (`startTestWeb`). */
export const webVerbs = { startSync, createPlan, getPlan, applyPlan, commandRun };
export type WebVerbs = typeof webVerbs;
