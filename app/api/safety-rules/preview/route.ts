import { previewSafetyRule } from '@/lib/server/plans/preview-safety-rule';
import { draftRoute } from '@/lib/server/route';

/** A rule has at most as many patterns and times as its schema allows. */
const ruleMax = 100_000;

export const POST = draftRoute(ruleMax, previewSafetyRule);
