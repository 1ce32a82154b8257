import { Download, Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Time } from '@/components/ui/time';
import { useMessage } from '@/components/ui/use-message';
import { useMay } from '@/lib/client/session/rights';
import type { RemoveSwitchAction, SwitchView } from '@/lib/contract/switch';
import { routes } from '@/lib/routes';
import { useSwitchAction } from './use-switch-action';

type SwitchFootProps = { readonly view: SwitchView; readonly removeSwitch: RemoveSwitchAction };

/** The age of the shares, the script for when Spillway is unavailable, and the button that removes the Switch. */
export function SwitchFoot({ view, removeSwitch }: SwitchFootProps) {
  const t = useTranslations('switch');
  const message = useMessage('ui.refusal');
  const { domain, estateTakenAt, noScript } = view;
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 border-t border-line px-4 py-1.5 text-12 text-ink-3">
      {estateTakenAt === null ? null : (
        <span>{t.rich('estate', { time: () => <Time at={estateTakenAt} /> })}</span>
      )}
      <span className="ml-auto inline-flex items-center gap-2 max-md:hidden">
        {noScript === null ? (
          <>
            <span>{t('scriptNote')}</span>
            <a
              href={routes.api.switchScript(view.id)}
              download
              aria-label={t('scriptName', { domain })}
              className="inline-flex items-center gap-1 font-medium text-accent underline decoration-accent-line underline-offset-2"
            >
              <Download aria-hidden className="size-3.5" />
              {t('script')}
            </a>
          </>
        ) : (
          <span>{message(noScript)}</span>
        )}
        <RemoveSwitch view={view} removeSwitch={removeSwitch} />
      </span>
    </div>
  );
}

type RemoveSwitchProps = { readonly view: SwitchView; readonly removeSwitch: RemoveSwitchAction };

/** Removes a Switch from the board after confirmation. */
function RemoveSwitch({ view, removeSwitch }: RemoveSwitchProps) {
  const t = useTranslations('switch.remove');
  const [isOpen, setIsOpen] = useState(false);
  const removing = useSwitchAction(removeSwitch, () => setIsOpen(false));
  const { domain } = view;
  if (!useMay('operate')) return null;
  return (
    <>
      <Button
        size="sm"
        variant="ghost"
        aria-label={t('openName', { domain })}
        onClick={() => setIsOpen(true)}
      >
        {t('open')}
      </Button>
      <Dialog
        open={isOpen}
        onOpenChange={setIsOpen}
        title={t('title', { domain })}
        description={t('text')}
        icon={<Trash2 aria-hidden />}
        cancelLabel={t('cancel')}
        action={
          <Button variant="danger" busy={removing.isBusy} onClick={() => removing.send(view.id)}>
            {t('confirm')}
          </Button>
        }
      >
        <ActionFailure action={removing} />
      </Dialog>
    </>
  );
}
