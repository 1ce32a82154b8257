'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { useAction } from '@/components/shell/use-action';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import type { WithdrawApprovalAction } from '@/lib/client/actions';
import type { ApprovalView } from '@/lib/client/views';
import type { ApprovalCount } from '@/lib/policy/approval';

type WithdrawApprovalProps = {
  readonly approval: ApprovalView;
  readonly count: ApprovalCount;
  readonly withdrawApproval: WithdrawApprovalAction;
  readonly onWithdrawn: () => void;
};

/** Withdraws an approval after confirmation. */
export function WithdrawApproval({ approval, count, withdrawApproval, onWithdrawn }: WithdrawApprovalProps) {
  const t = useTranslations('plan.approval');
  const [isAsking, setIsAsking] = useState(false);
  const { id, name } = approval;
  const withdraw = useAction(withdrawApproval, () => {
    setIsAsking(false);
    onWithdrawn();
  });
  const left = count.given - 1;
  return (
    <span className="max-md:hidden">
      <Button
        size="sm"
        variant="ghost"
        aria-label={t('withdrawOf', { name })}
        onClick={() => setIsAsking(true)}
      >
        {t('withdraw')}
      </Button>
      <Dialog
        open={isAsking}
        onOpenChange={setIsAsking}
        title={t('withdrawTitle', { name })}
        description={
          left < count.needed
            ? t('withdrawHolds', { left, needed: count.needed })
            : t('withdrawEnough', { left })
        }
        cancelLabel={t('keep')}
        action={
          <Button variant="dangerSolid" busy={withdraw.isBusy} onClick={() => withdraw.give(id)}>
            {t('withdrawNow')}
          </Button>
        }
      >
        <ActionFailure action={withdraw} />
      </Dialog>
    </span>
  );
}
