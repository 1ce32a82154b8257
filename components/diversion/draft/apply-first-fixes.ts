import { applyFix } from '@/lib/draft/apply-fix';
import type { Draft } from '@/lib/draft/draft';
import { type FieldFinding, listBlocks } from '@/lib/draft/field-findings';
import { buildPreview } from '@/lib/draft/preview';
import type { Estate } from '@/lib/estate/model';

/**
 * Returns the blocks that can be fixed at once: the first one of each field that has a fix. An outage is never
 * acknowledged together with others: a person types the name for each.
 */
export function fixableBlocks(blocks: readonly FieldFinding[]): readonly FieldFinding[] {
  const first = new Map<string, FieldFinding>();
  for (const block of blocks) {
    const patch = block.fix?.patch;
    if (patch && !first.has(block.field)) first.set(block.field, block);
  }
  return [...first.values()];
}

/**
 * Returns the draft after the first fix of each blocked field. A fix that an earlier one has made unnecessary is
 * skipped, so that one fix does not change a field that is already right.
 */
export function applyFirstFixes(input: { estate: Estate; draft: Draft; keepAliveS: number }): Draft {
  const { estate, keepAliveS } = input;
  const blocks = (draft: Draft) => listBlocks(draft, buildPreview({ estate, draft, keepAliveS }).findings);
  return fixableBlocks(blocks(input.draft)).reduce((draft, { field, why }) => {
    const still = blocks(draft).find((block) => block.field === field && block.why === why);
    const patch = still?.fix?.patch;
    return patch ? applyFix(estate, draft, patch) : draft;
  }, input.draft);
}
