import { draftRoute } from '@/lib/server/route';
import { previewSafetyRule } from '@/lib/server/safety/preview-safety-rule';

/** A rule has at most as many patterns and times as its schema allows. */
const ruleMax = 100_000;

export const POST = draftRoute(ruleMax, previewSafetyRule);
