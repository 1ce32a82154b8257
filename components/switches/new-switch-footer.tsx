import { useTranslations } from 'next-intl';
import { Button, ButtonLink } from '@/components/ui/button';
import { stops } from '@/lib/preflight/preflight';
import { routes } from '@/lib/routes';
import type { SwitchPreview } from './preview-switch';

type NewSwitchFooterProps = {
  readonly preview: SwitchPreview;
  readonly isBusy: boolean;
  readonly onAdd: () => void;
};

/** What is still to do, and the way onto the board. */
export function NewSwitchFooter({ preview, isBusy, onAdd }: NewSwitchFooterProps) {
  const t = useTranslations('switch.add');
  const fields = useTranslations('diversion.field');
  const { diversion, findings, missing } = preview;
  const [first] = missing;
  const blocks = findings.filter(stops).length;
  const why =
    first !== undefined
      ? t('missing', {
          side: t(`${first.startsWith('laneA') ? 'cvm' : 'function'}.title`),
          field: fields(first.split('.')[1] ?? first),
        })
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
