import { useTranslations } from 'next-intl';
import type { Draft } from '@/components/diversion/draft/draft';
import type { Preview } from '@/components/diversion/draft/preview';
import { useFieldName } from '@/components/diversion/draft/use-field-name';
import { Button, ButtonLink } from '@/components/ui/button';
import { stops } from '@/lib/preflight/preflight';
import { routes } from '@/lib/routes';

type NewSwitchFooterProps = {
  readonly draft: Draft;
  readonly preview: Preview;
  readonly isBusy: boolean;
  readonly onAdd: () => void;
};

/** The missing choices, and the button that adds the Switch to the board. */
export function NewSwitchFooter({ draft, preview, isBusy, onAdd }: NewSwitchFooterProps) {
  const t = useTranslations('switch.add');
  const fieldName = useFieldName(draft);
  const { diversion, findings, plan } = preview;
  const missing =
    plan.state === 'incomplete' ? plan.missing.find((field) => !preview.errors[field]) : undefined;
  const blocks = findings.filter(stops).length;
  const why =
    missing !== undefined
      ? t('missing', { field: fieldName(missing) })
      : diversion === null
        ? t('broken')
        : blocks > 0
          ? t('blocked', { count: blocks })
          : '';
  return (
    <div className="sticky bottom-0 z-15 flex flex-wrap items-center justify-end gap-2 border-t border-line-strong bg-surface px-3 py-2.5 max-md:hidden md:px-5">
      <span id="add-why" className="text-12 text-ink-2">
        {why}
      </span>
      <ButtonLink href={routes.switches()} variant="ghost">
        {t('cancel')}
      </ButtonLink>
      <Button
        variant="primary"
        disabled={diversion === null}
        busy={isBusy}
        aria-describedby="add-why"
        onClick={onAdd}
      >
        {t('confirm')}
      </Button>
    </div>
  );
}
