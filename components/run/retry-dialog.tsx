import { RotateCcw } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { asDomain, DomainConfirm } from '@/components/plan/domain-confirm';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import type { RunView } from '@/lib/run/model';

type RetryDialogProps = {
  readonly run: RunView;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onRetry: (typedDomain: string) => void;
};

/** On a real account a held run goes on only after its domain was typed, as when it was applied. */
export function RetryDialog({ run, open, onOpenChange, onRetry }: RetryDialogProps) {
  const t = useTranslations('run.retry');
  const [typed, setTyped] = useState('');
  const { domain } = run.plan.diversion.laneB;
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={t('title')}
      description={t('description', { direction: run.direction, domain })}
      icon={<RotateCcw aria-hidden />}
      cancelLabel={t('cancel')}
      action={
        <Button
          variant="primary"
          disabled={asDomain(typed) !== domain}
          onClick={() => onRetry(asDomain(typed))}
        >
          {t('now')}
        </Button>
      }
    >
      <DomainConfirm domain={domain} typed={typed} onType={setTyped} error={undefined} />
    </Dialog>
  );
}
