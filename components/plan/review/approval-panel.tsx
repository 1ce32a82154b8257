'use client';

import { Clock, UserCheck } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { useAction } from '@/components/shell/use-action';
import { Button } from '@/components/ui/button';
import { Chip } from '@/components/ui/chip';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Panel } from '@/components/ui/panel';
import { TextLink } from '@/components/ui/text-link';
import type { ApprovePlanAction, WithdrawApprovalAction } from '@/lib/client/actions';
import type { PlanView } from '@/lib/client/views';
import { routes } from '@/lib/routes';
import { ApprovalRow } from './approval-row';

export type ApprovalActions = {
  readonly approvePlan: ApprovePlanAction;
  readonly withdrawApproval: WithdrawApprovalAction;
};

/** Lists who has approved this exact plan and how many approvals are missing, and lets people approve and withdraw. */
export function ApprovalPanel({
  view,
  approvePlan,
  withdrawApproval,
}: ApprovalActions & { readonly view: PlanView }) {
  const t = useTranslations('plan.approval');
  const router = useRouter();
  const reread = () => router.refresh();
  const { hash, approvals } = view;
  const { all, count, standing } = approvals;
  const isOpen = standing === 'open';
  const missing = isOpen ? count.needed - count.given : 0;
  const shortHash = () => (
    <span
      title={hash}
      className="mono whitespace-nowrap"
    >{`sha256 ${hash.slice(0, 4)}…${hash.slice(-4)}`}</span>
  );
  return (
    <Panel
      title={t('title')}
      aside={<Chip tone="plan">{count.needed === 0 ? t('notNeeded') : t('count', count)}</Chip>}
      flush
      footer={t.rich('covers', { hash: shortHash })}
    >
      <ul>
        {all.map((approval) => (
          <ApprovalRow
            key={approval.id}
            approval={approval}
            count={count}
            withdrawApproval={isOpen ? withdrawApproval : null}
            onWithdrawn={reread}
          />
        ))}
        {missing > 0 ? (
          <li className="flex items-center gap-2.5 px-4 py-2 text-warn-ink">
            <Clock aria-hidden className="size-4 shrink-0" />
            {t('missing', { count: missing })}
          </li>
        ) : null}
      </ul>
      {isOpen && count.needed === 0 && all.length === 0 ? (
        <p className="px-4 py-2 text-12 text-ink-2">
          {t.rich('noneNeeded', {
            settings: (text) => <TextLink href={routes.settings()}>{text}</TextLink>,
          })}
        </p>
      ) : isOpen ? (
        <ApprovalForm view={view} approvePlan={approvePlan} onApproved={reread} />
      ) : (
        <p className="border-line px-4 py-2 text-12 text-ink-2 not-first:border-t">
          {t(`closed.${standing}`)}
        </p>
      )}
    </Panel>
  );
}

type ApprovalFormProps = {
  readonly view: PlanView;
  readonly approvePlan: ApprovePlanAction;
  readonly onApproved: () => void;
};

/** Approves the plan shown, under a typed name. */
function ApprovalForm({ view, approvePlan, onApproved }: ApprovalFormProps) {
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
