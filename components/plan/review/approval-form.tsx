'use client';

import { UserCheck } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { useAction } from '@/components/shell/use-action';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import type { ApprovePlanAction } from '@/lib/client/actions';
import type { PlanView } from '@/lib/client/views';

type ApprovalFormProps = {
  readonly view: PlanView;
  readonly approvePlan: ApprovePlanAction;
  readonly onApproved: () => void;
};

/** Approves the plan shown, under a typed name. */
export function ApprovalForm({ view, approvePlan, onApproved }: ApprovalFormProps) {
  const t = useTranslations('plan.approval');
  const [name, setName] = useState('');
  const [comment, setComment] = useState('');
  const approve = useAction(approvePlan, () => {
    setName('');
    setComment('');
    onApproved();
  });
  return (
    <form
      aria-label={t('form')}
      className="grid gap-2 border-t border-line px-4 py-3 max-md:hidden"
      onSubmit={(event) => {
        event.preventDefault();
        approve.give({ planId: view.id, hash: view.hash, name, comment });
      }}
    >
      <Field label={t('name')} note={t('noSignIn')} error={approve.fieldError('name')}>
        {(control) => <Input {...control} value={name} onChange={(event) => setName(event.target.value)} />}
      </Field>
      <Field label={t('comment')} error={approve.fieldError('comment')}>
        {(control) => (
          <Input {...control} value={comment} onChange={(event) => setComment(event.target.value)} />
        )}
      </Field>
      <ActionFailure action={approve} />
      <div>
        <Button type="submit" busy={approve.isBusy} icon={<UserCheck aria-hidden />}>
          {t('approve')}
        </Button>
      </div>
    </form>
  );
}
