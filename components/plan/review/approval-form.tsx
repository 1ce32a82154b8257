'use client';

import { UserCheck } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { clearSent, useAction } from '@/components/shell/use-action';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { TextField } from '@/components/ui/forms/text-field';
import { useMay } from '@/lib/client/session/rights';
import type { ApprovalView, ApprovePlanAction, WithdrawApprovalAction } from '@/lib/contract/approval';
import type { PlanId } from '@/lib/plan/model/model';
import type { ApprovalCount } from '@/lib/policy/approval';

type ApprovalFormProps = {
  readonly planId: PlanId;
  readonly hash: string;
  /** The signed-in person; undefined = the name is typed. */
  readonly approver: string | undefined;
  readonly approvePlan: ApprovePlanAction;
};

/** Approves the plan shown: as the signed-in person, or under a typed name if there is no sign-in. */
export function ApprovalForm({ planId, hash, approver, approvePlan }: ApprovalFormProps) {
  const t = useTranslations('plan.approval');
  const router = useRouter();
  const actions = useTranslations('plan.actions');
  const mayApprove = useMay('approve');
  const [name, setName] = useState(approver ?? '');
  const [comment, setComment] = useState('');
  const approve = useAction(approvePlan, (_value, _isHere, sent) => {
    if (approver === undefined) setName(clearSent(sent.name));
    setComment(clearSent(sent.comment));
    router.refresh();
  });
  if (!mayApprove)
    return (
      <p className="border-line px-4 py-2 text-12 text-ink-2 not-first:border-t">
        {actions('onlyApprovers')}
      </p>
    );
  return (
    <form
      aria-label={t('form')}
      className="grid gap-2 border-t border-line px-4 py-3 max-md:hidden"
      onSubmit={(event) => {
        event.preventDefault();
        approve.send({ planId, hash, name, comment });
      }}
    >
      <TextField
        label={t('name')}
        note={approver === undefined ? t('noSignIn') : null}
        error={approve.fieldError('name', name)}
        value={name}
        readOnly={approver !== undefined}
        onType={setName}
      />
      <TextField
        label={t('comment')}
        error={approve.fieldError('comment', comment)}
        value={comment}
        onType={setComment}
      />
      <ActionFailure action={approve} />
      <div>
        <Button type="submit" busy={approve.isBusy} icon={<UserCheck aria-hidden />}>
          {t('approve')}
        </Button>
      </div>
    </form>
  );
}

type WithdrawApprovalProps = {
  readonly approval: ApprovalView;
  readonly count: ApprovalCount;
  readonly withdrawApproval: WithdrawApprovalAction;
};

/** Withdraws an approval after confirmation. */
export function WithdrawApproval({ approval, count, withdrawApproval }: WithdrawApprovalProps) {
  const t = useTranslations('plan.approval');
  const router = useRouter();
  const [isAsking, setIsAsking] = useState(false);
  const { id, name } = approval;
  const withdraw = useAction(withdrawApproval, () => {
    setIsAsking(false);
    router.refresh();
  });
  const left = count.given - 1;
  if (!useMay('approve')) return null;
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
            ? t('withdrawStops', { left, needed: count.needed })
            : t('withdrawEnough', { left })
        }
        cancelLabel={t('keep')}
        action={
          <Button variant="dangerSolid" busy={withdraw.isBusy} onClick={() => withdraw.send(id)}>
            {t('withdrawNow')}
          </Button>
        }
      >
        <ActionFailure action={withdraw} />
      </Dialog>
    </span>
  );
}
