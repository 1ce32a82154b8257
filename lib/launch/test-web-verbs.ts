import { applyPlan } from '@/lib/server/apply-plan';
import { commandRun } from '@/lib/server/command-run';
import { createPlan } from '@/lib/server/create-plan';
import { getPlan } from '@/lib/server/get-plan';
import { startSync } from '@/lib/server/start-sync';

/** What tests ask of a dashboard: of their own process, or of one of another build (`startTestWeb`). */
export const webVerbs = { startSync, createPlan, getPlan, applyPlan, commandRun };
export type WebVerbs = typeof webVerbs;
