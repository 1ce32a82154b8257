'use client';

import { ShieldCheck } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import type { EnableFailoverAction, SwitchView } from '@/lib/contract/switch';
import { toFailoverDraft, toFailoverPolicy } from './failover-draft';
import { FailoverFields } from './failover-fields';
import { useSwitchAction } from './use-switch-action';

type EnableFailoverProps = {
  readonly view: SwitchView;
  readonly enableFailover: EnableFailoverAction;
  readonly onClose: () => void;
};

/** The policy of a failover, and the button that enables it. It is mounted while it is open. */
export function EnableFailover({ view, enableFailover, onClose }: EnableFailoverProps) {
  const t = useTranslations('switch.enabling');
  const [draft, setDraft] = useState(() => toFailoverDraft(view.policy));
  const enabling = useSwitchAction(enableFailover, (_done, isHere) => {
    if (isHere) onClose();
  });
  const result = toFailoverPolicy(draft);
  const isBad = 'errors' in result;
  return (
    <Dialog
      open
      size="wide"
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={t('title', { domain: view.domain })}
      description={t('description')}
      icon={<ShieldCheck aria-hidden />}
      cancelLabel={t('cancel')}
      action={
        <Button
          variant="primary"
          disabled={isBad}
          busy={enabling.isBusy}
          onClick={() => {
            if (!isBad) enabling.send({ switchId: view.id, policy: result.policy });
          }}
        >
          {t('enable')}
        </Button>
      }
    >
      <FailoverFields draft={draft} errors={isBad ? result.errors : {}} onChange={setDraft} />
      <ActionFailure action={enabling} />
    </Dialog>
  );
}
