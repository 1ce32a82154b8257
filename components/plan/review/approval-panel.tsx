'use client';

import { Clock } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { Chip } from '@/components/ui/chip';
import { Panel } from '@/components/ui/panel';
import { TextLink } from '@/components/ui/text-link';
import type { ApprovePlanAction, WithdrawApprovalAction } from '@/lib/client/actions';
import type { PlanView } from '@/lib/client/views';
import { routes } from '@/lib/routes';
import { ApprovalForm } from './approval-form';
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
