import { CircleCheck, CircleDashed, CircleX } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useFieldName } from '@/components/findings/use-field-name';
import { countSteps } from '@/components/steps/step-groups';
import { Button } from '@/components/ui/button';
import { durationText } from '@/components/ui/duration-text';
import { Kbd } from '@/components/ui/kbd';
import type { Draft } from '@/lib/draft/draft';
import type { Preview, PreviewReadiness } from '@/lib/draft/preview-model';

type EditorFooterProps = {
  readonly draft: Draft;
  readonly preview: Preview;
  readonly busy: boolean;
  readonly isSaving: boolean;
  readonly onSave: () => void;
  readonly onDiscard: () => void;
  readonly onFirstBlock: () => void;
  readonly onReview: () => void;
};

const whyId = 'review-why';

/** The draft's summary and the review button, always in view. */
export function EditorFooter(props: EditorFooterProps) {
  const { draft, preview, busy, isSaving, onSave, onDiscard, onFirstBlock, onReview } = props;
  const t = useTranslations('diversion.footer');
  const { readiness } = preview;
  const isBlocked = !readiness.can && readiness.why === 'blocked';
  const why = useWhyNot(draft, readiness);
  return (
    <div
      data-bottom-bar
      className="sticky bottom-0 z-15 flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line-strong bg-surface px-3 py-2.5 max-md:static md:px-5"
    >
      <Sum preview={preview} isBlocked={isBlocked} />
      <div className="ml-auto flex flex-wrap items-center gap-2 max-md:hidden">
        <span id={whyId} className="text-12 text-ink-2">
          {busy ? t('why.sending') : why}
        </span>
        <Button variant="ghost" onClick={onDiscard}>
          {t('discard')}
        </Button>
        <Button busy={isSaving} onClick={onSave}>
          {t('save')}
        </Button>
        {isBlocked ? (
          <Button onClick={onFirstBlock}>
            {t('firstBlock')}
            <Kbd>F8</Kbd>
          </Button>
        ) : null}
        <Button
          variant="primary"
          disabled={!readiness.can}
          busy={busy}
          aria-describedby={whyId}
          onClick={onReview}
        >
          {t('review')}
          <Kbd>Ctrl Enter</Kbd>
        </Button>
      </div>
    </div>
  );
}

function Sum({ preview, isBlocked }: { readonly preview: Preview; readonly isBlocked: boolean }) {
  const t = useTranslations('diversion.footer');
  const totals = preview.plan.state === 'ready' ? countSteps(preview.plan.plan.steps) : null;
  const Icon = isBlocked ? CircleX : totals === null ? CircleDashed : CircleCheck;
  const tone = isBlocked ? 'text-bad' : totals === null ? 'text-ink-3' : 'text-ok';
  return (
    <span className="inline-flex items-center gap-2 text-14">
      <Icon aria-hidden className={`size-4.5 shrink-0 ${tone}`} />
      <strong className="font-semibold">
        {totals === null ? t('noPlan') : t('plan', { steps: totals.writes })}
      </strong>
      {totals === null ? null : t('estimate', { duration: durationText(totals.workS + totals.waitS) })}
    </span>
  );
}

/** Returns the reason why the review button is disabled; empty when it is enabled. */
function useWhyNot(draft: Draft, readiness: PreviewReadiness): string {
  const t = useTranslations('diversion.footer.why');
  const fieldName = useFieldName(draft);
  if (readiness.can) return '';
  switch (readiness.why) {
    case 'missing':
      return readiness.field === 'name'
        ? t('missingName')
        : t('missing', { field: fieldName(readiness.field) });
    case 'blocked':
      return t('blocked', { count: readiness.count });
    case 'problem':
    case 'nothing':
      return t(readiness.why);
  }
}
