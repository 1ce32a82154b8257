'use client';

import { Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { useAction } from '@/components/shell/use-action';
import { Button, IconButton } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import type { RemoveFreezeAction } from '@/lib/client/actions';
import type { FreezeView } from '@/lib/client/views';

type RemoveFreezeProps = {
  readonly freeze: FreezeView;
  readonly removeFreeze: RemoveFreezeAction;
  readonly onRemoved: () => void;
};

/** Removes a freeze window after confirmation. */
export function RemoveFreeze({ freeze, removeFreeze, onRemoved }: RemoveFreezeProps) {
  const t = useTranslations('settings.freezes');
  const [isAsking, setIsAsking] = useState(false);
  const { name } = freeze;
  const remove = useAction(removeFreeze, () => {
    setIsAsking(false);
    onRemoved();
  });
  return (
    <>
      <IconButton
        size="sm"
        label={t('remove', { name })}
        icon={<Trash2 aria-hidden />}
        onClick={() => setIsAsking(true)}
      />
      <Dialog
        open={isAsking}
        onOpenChange={setIsAsking}
        title={t('removeTitle', { name })}
        description={t('removeText')}
        cancelLabel={t('keep')}
        action={
          <Button variant="dangerSolid" busy={remove.isBusy} onClick={() => remove.give(freeze.id)}>
            {t('removeNow')}
          </Button>
        }
      >
        <ActionFailure action={remove} />
      </Dialog>
    </>
  );
}
