import { Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import type { RemoveSwitchAction } from '@/lib/client/actions';
import type { SwitchView } from '@/lib/client/switch-views';
import { useSwitchAction } from './use-switch-action';

type RemoveSwitchProps = { readonly view: SwitchView; readonly removeSwitch: RemoveSwitchAction };

/** Removes a Switch from the board after confirmation. */
export function RemoveSwitch({ view, removeSwitch }: RemoveSwitchProps) {
  const t = useTranslations('switch.remove');
  const [isOpen, setIsOpen] = useState(false);
  const removing = useSwitchAction(removeSwitch, () => setIsOpen(false));
  const { domain } = view;
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
          <Button variant="danger" busy={removing.isBusy} onClick={() => removing.give(view.id)}>
            {t('confirm')}
          </Button>
        }
      >
        <ActionFailure action={removing} />
      </Dialog>
    </>
  );
}
