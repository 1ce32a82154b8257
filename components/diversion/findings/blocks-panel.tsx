import { CircleX, Wrench } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { focusField } from '@/components/diversion/draft/field-id';
import { fixableBlocks } from '@/components/diversion/draft/fixable-blocks';
import { FindingText } from '@/components/findings/finding-text';
import { useFieldName } from '@/components/findings/use-field-name';
import { Button } from '@/components/ui/button';
import { Panel } from '@/components/ui/panel';
import { TextButton } from '@/components/ui/text-link';
import type { Draft } from '@/lib/draft/draft';
import type { FieldFinding } from '@/lib/draft/field-findings';
import { focusFixedField } from './finding-lines';

type BlocksPanelProps = {
  readonly draft: Draft;
  /** In the order of their fields. */
  readonly blocks: readonly FieldFinding[];
  readonly onFixAll: () => void;
};

/** Lists everything that blocks the plan in one place, each with a link to its field. */
export function BlocksPanel({ draft, blocks, onFixAll }: BlocksPanelProps) {
  const t = useTranslations('diversion.blocks');
  const check = useTranslations('preflight.check');
  const fieldName = useFieldName(draft);
  const fixable = fixableBlocks(blocks);
  const [firstFix] = fixable;
  if (blocks.length === 0) return null;
  const fixAll = () => {
    onFixAll();
    if (firstFix !== undefined) focusFixedField(firstFix);
  };
  return (
    <Panel title={t('title', { count: blocks.length })} flush>
      <ul className="py-1.5 text-12">
        {blocks.map((block) => (
          <li
            key={`${block.field} ${block.why} ${block.objects.join()}`}
            className="grid grid-cols-[1rem_minmax(0,1fr)] gap-x-2 px-4 py-1.25"
          >
            <CircleX aria-hidden className="mt-px size-3.5 text-bad" />
            <div className="min-w-0">
              <p className="flex flex-wrap items-baseline gap-x-2">
                <strong className="font-semibold">{check(block.check)}</strong>
                <TextButton className="ml-auto" onClick={() => focusField(block.field)}>
                  {fieldName(block.field)}
                </TextButton>
              </p>
              <p className="text-ink-2">
                <FindingText finding={block} />
              </p>
            </div>
          </li>
        ))}
      </ul>
      {firstFix !== undefined ? (
        <div className="border-t border-line px-4 py-2.5 max-md:hidden">
          <Button className="w-full" icon={<Wrench aria-hidden />} onClick={fixAll}>
            {t('fixAll', { count: fixable.length })}
          </Button>
        </div>
      ) : null}
    </Panel>
  );
}
