import type { FieldFinding } from '@/lib/draft/field-findings';
import type { Fix } from '@/lib/preflight/model/model';

/** A block's field and reason, and the fix that clears it. */
type FirstFix = Pick<FieldFinding, 'field' | 'why'> & { readonly patch: NonNullable<Fix['patch']> };

/**
 * Returns the fixes of the blocks that can be fixed at once: of the first block of each field that has a fix. An outage
 * is never acknowledged together with others: a person types the name for each.
 */
export function fixableBlocks(blocks: readonly FieldFinding[]): readonly FirstFix[] {
  const first = new Map<string, FirstFix>();
  for (const { field, why, fix } of blocks) {
    const patch = fix?.patch;
    if (patch && !first.has(field)) first.set(field, { field, why, patch });
  }
  return [...first.values()];
}
