import { ChevronRight, CircleX, LoaderCircle, TriangleAlert, Wrench } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { focusField } from '@/components/diversion/draft/field-id';
import { fixableBlocks } from '@/components/diversion/draft/fixable-blocks';
import { FindingText } from '@/components/findings/finding-text';
import { useFieldName } from '@/components/findings/use-field-name';
import { Button } from '@/components/ui/button';
import { Panel } from '@/components/ui/panel';
import { TextButton } from '@/components/ui/text-link';
import { useDebounced } from '@/components/ui/use-debounced';
import type { Draft } from '@/lib/draft/draft';
import type { FieldFinding } from '@/lib/draft/field-findings';
import { listBlocks } from '@/lib/draft/list-blocks';
import type { Preview } from '@/lib/draft/preview-model';
import { worstFirst } from '@/lib/preflight/model/finding-order';
import { stops } from '@/lib/preflight/model/stops';
import { focusFixedField } from './finding-lines';

/** The time after which a running check is shown, in ms. */
const slowMs = 1000;

type ChecksPanelProps = {
  /** The draft that is shown. */
  readonly draft: Draft;
  readonly preview: Pick<Preview, 'findings' | 'plan'>;
  /** True while the server checks the draft: the findings are those of an earlier one. */
  readonly isChecking: boolean;
  readonly onFixAll: (fixes: ReturnType<typeof fixableBlocks>) => void;
};

/** The blocks of the plan, then the warnings, one line for each cause with a link to its field; what passed is folded. */
export function ChecksPanel({ draft, preview: { findings, plan }, isChecking, onFixAll }: ChecksPanelProps) {
  const t = useTranslations('diversion.checks');
  const check = useTranslations('preflight.check');
  const problem = useTranslations('diversion.problem');
  const fieldName = useFieldName(draft);
  const isSlow = useDebounced(isChecking, slowMs) && isChecking;
  const blocks = listBlocks(draft, findings);
  const fixable = fixableBlocks(blocks);
  const [firstFix] = fixable;
  const others = worstFirst(findings.filter((each) => !stops(each) && each.status !== 'pass'));
  const passed = findings.filter(({ status }) => status === 'pass');
  const isEmpty = findings.length === 0 && plan.state !== 'problems';
  const problems = plan.state === 'problems' ? plan.problems : [];
  return (
    <Panel
      title={t('title')}
      flush
      {...(isEmpty ? { className: 'hidden' } : {})}
      aside={
        <span role="status" className="inline-flex items-center gap-1.5 text-12 text-ink-2">
          {isSlow ? <LoaderCircle aria-hidden className="size-3.5 animate-spin" /> : null}
          {isSlow ? t('checking') : blocks.length > 0 ? t('blocked', { count: blocks.length }) : null}
        </span>
      }
    >
      {firstFix === undefined ? null : (
        <div className="px-4 pb-2 max-md:hidden">
          <Button
            className="w-full"
            icon={<Wrench aria-hidden />}
            onClick={() => {
              onFixAll(fixable);
              focusFixedField(firstFix);
            }}
          >
            {t('fixAll', { count: fixable.length })}
          </Button>
        </div>
      )}
      <ul className="text-12" aria-busy={isChecking || undefined}>
        {problems.map(({ field, message }) => (
          <li key={field} className="px-4 py-1.25 text-bad-ink">
            {problem(message)}
          </li>
        ))}
        {groupByCause([...blocks, ...others]).map(({ first, count }) => (
          <li
            key={`${first.check} ${first.why} ${first.status}`}
            className="grid grid-cols-[1rem_minmax(0,1fr)] gap-x-2 border-t border-line px-4 py-1.5"
          >
            {stops(first) ? (
              <CircleX aria-hidden className="mt-px size-3.5 text-bad" />
            ) : (
              <TriangleAlert aria-hidden className="mt-px size-3.5 text-warn-ink" />
            )}
            <p className="flex flex-wrap items-baseline gap-x-2">
              <strong className="font-semibold">{check(first.check)}</strong>
              {count > 1 ? <span className="text-ink-2">{t('names', { count })}</span> : null}
              <TextButton className="ml-auto" onClick={() => focusField(first.field)}>
                {fieldName(first.field)}
              </TextButton>
            </p>
          </li>
        ))}
      </ul>
      {passed.length === 0 ? null : (
        <details className="group border-t border-line text-12">
          <summary className="flex min-h-8 cursor-pointer list-none items-center gap-2 px-4">
            <ChevronRight aria-hidden className="size-3.5 text-ink-3 group-open:rotate-90" />
            {t('passed', { count: new Set(passed.map((each) => each.check)).size })}
          </summary>
          <ul className="grid gap-1 px-4 pb-2.5 pl-9.5 text-ink-2">
            {passed.map((each) => (
              <li key={`${each.field} ${each.check} ${each.why} ${each.name} ${each.objects.join()}`}>
                <FindingText finding={each} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </Panel>
  );
}

type Cause = { readonly first: FieldFinding; readonly count: number };

/** Groups findings by check and reason, in their order; counts the names and routes that share it. */
function groupByCause(findings: readonly FieldFinding[]): readonly Cause[] {
  const causes = new Map<string, Cause>();
  for (const finding of findings) {
    const key = `${finding.check} ${finding.why} ${finding.status}`;
    const found = causes.get(key);
    causes.set(key, found ? { ...found, count: found.count + 1 } : { first: finding, count: 1 });
  }
  return [...causes.values()];
}
