import { ShieldCheck } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import type { ArmSwitchAction } from '@/lib/client/actions';
import type { SwitchView } from '@/lib/client/switch-views';
import { toFailoverDraft, toFailoverPolicy } from './failover-draft';
import { FailoverFields } from './failover-fields';
import { useSwitchAction } from './use-switch-action';

type ArmFailoverProps = {
  readonly view: SwitchView;
  readonly armSwitch: ArmSwitchAction;
  readonly onClose: () => void;
};

/** The policy of a failover, and the button that enables it. It is mounted while it is open. */
export function ArmFailover({ view, armSwitch, onClose }: ArmFailoverProps) {
  const t = useTranslations('switch.arming');
  const [draft, setDraft] = useState(() => toFailoverDraft(view.policy));
  const arming = useSwitchAction(armSwitch, onClose);
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
          busy={arming.isBusy}
          onClick={() => {
            if (!isBad) arming.give({ switchId: view.id, policy: result.policy });
          }}
        >
          {t('arm')}
        </Button>
      }
    >
      <FailoverFields draft={draft} errors={isBad ? result.errors : {}} onChange={setDraft} />
      <ActionFailure action={arming} />
    </Dialog>
  );
}
