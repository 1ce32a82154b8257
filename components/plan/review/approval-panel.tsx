import { CircleCheck, Clock, Undo2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Fragment, type ReactNode } from 'react';
import { Person } from '@/components/ui/base/person';
import { signed } from '@/components/ui/base/signed';
import { Chip } from '@/components/ui/chip';
import { Panel } from '@/components/ui/panel';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import type { ApprovalView, ApprovePlanAction, WithdrawApprovalAction } from '@/lib/contract/approval';
import type { PlanView } from '@/lib/contract/plan';
import type { ApprovalCount } from '@/lib/policy/approval';
import type { DecidingRule } from '@/lib/policy/approval-rules';
import { routes } from '@/lib/routes';
import { ApprovalForm, WithdrawApproval } from './approval-form';

export type ApprovalActions = {
  /** The signed-in person; absent = there is no sign-in, and people type their name. */
  readonly approver?: string | undefined;
  readonly approvePlan: ApprovePlanAction;
  readonly withdrawApproval: WithdrawApprovalAction;
};

/** Lists who has approved this exact plan and how many approvals are missing, and lets people approve and withdraw. */
export function ApprovalPanel({
  view,
  approver,
  approvePlan,
  withdrawApproval,
}: ApprovalActions & { readonly view: PlanView }) {
  const t = useTranslations('plan.approval');
  const counts = useTranslations('plan.approvals');
  const { hash, approvals } = view;
  const { all, count, state, requirement, authors } = approvals;
  const isOpen = state === 'open';
  const ruleText = ({ name, reached }: DecidingRule) =>
    reached.length === 0 ? name : `${name} (${reached.map((each) => t(`reached.${each}`)).join(', ')})`;
  const needed = Math.max(count.needed, neededByRules(view));
  const missing = isOpen ? needed - count.given : 0;
  const shortHash = () => (
    <span
      title={hash}
      className="mono whitespace-nowrap"
    >{`sha256 ${hash.slice(0, 4)}…${hash.slice(-4)}`}</span>
  );
  return (
    <Panel
      title={t('title')}
      aside={
        <Chip tone="plan">
          {needed === 0 ? t('notNeeded') : counts('count', { given: count.given, needed })}
        </Chip>
      }
      flush
      footer={t.rich('covers', { hash: shortHash })}
    >
      {count.needed === 0 ? null : (
        <p className="px-4 py-2 text-12 break-words text-ink-2">
          {t('why', {
            count: requirement.rules.length,
            rules: requirement.rules.map((rule) => ruleText(rule)).join(', '),
          })}
          {requirement.selfApproval ? null : (
            <>
              {' '}
              {t.rich('othersOnly', {
                authors: () =>
                  authors.map((author, index) => (
                    <Fragment key={author}>
                      {index === 0 ? null : ', '}
                      <Person address={author} />
                    </Fragment>
                  )),
              })}
            </>
          )}
          {requirement.rehearsedWithinH === null
            ? null
            : ` ${t('rehearsed', { hours: requirement.rehearsedWithinH })}`}
        </p>
      )}
      <ul>
        {all.map((approval) => (
          <ApprovalRow
            key={approval.id}
            approval={approval}
            count={count}
            withdrawApproval={isOpen ? withdrawApproval : null}
          />
        ))}
        {missing > 0 ? (
          <li className="flex items-center gap-2.5 px-4 py-2 text-warn-ink">
            <Clock aria-hidden className="size-4 shrink-0" />
            {t('missing', { count: missing })}
          </li>
        ) : null}
      </ul>
      {isOpen && needed === 0 && all.length === 0 ? (
        <p className="px-4 py-2 text-12 text-ink-2">
          {t.rich('noneNeeded', { settings: (text) => <TextLink href={routes.settings()}>{text}</TextLink> })}
        </p>
      ) : isOpen ? (
        <ApprovalForm planId={view.id} {...{ hash, approver, approvePlan }} />
      ) : (
        <p className="border-line px-4 py-2 text-12 text-ink-2 not-first:border-t">{t(`closed.${state}`)}</p>
      )}
    </Panel>
  );
}

/** Returns the approvals that a safety rule requires, which the policy may not. */
function neededByRules({ findings }: PlanView): number {
  const needed = findings
    .filter(({ check, values }) => check === 'safety-rules' && values.why === 'approvals')
    .map(({ values }) => Number(values.needed));
  return Math.max(0, ...needed);
}

type ApprovalRowProps = {
  readonly approval: ApprovalView;
  readonly count: ApprovalCount;
  /** null = it no longer has an effect. */
  readonly withdrawApproval: WithdrawApprovalAction | null;
};

/** Returns up to two letters for a name. */
function getInitials(name: string): string {
  const words = name.split(' ');
  return [words[0], words.length > 1 ? words.at(-1) : undefined]
    .map((word) => [...(word ?? '')][0] ?? '')
    .join('')
    .toUpperCase();
}

/** One approval: actor, time and note, or that it was withdrawn. */
function ApprovalRow({ approval, count, withdrawApproval }: ApprovalRowProps) {
  const t = useTranslations('plan.approval');
  const { name, comment, at, withdrawnAt, why, expiresAt } = approval;
  const bold = {
    ...signed(name, at),
    b: (text: ReactNode) => <b className="font-semibold text-ink">{text}</b>,
  };
  return (
    <li className="flex items-start gap-2.5 border-b border-line px-4 py-2 last:border-b-0">
      <span
        aria-hidden
        className="grid size-5 shrink-0 place-items-center rounded-full bg-accent-soft text-11 font-semibold text-accent"
      >
        {getInitials(name)}
      </span>
      <div className="min-w-0 flex-1 break-words">
        {withdrawnAt !== null ? (
          <span className="text-ink-2">
            {t.rich('withdrawn', { ...bold, time: () => <Time at={withdrawnAt} /> })}
          </span>
        ) : why === null || why === 'withdrawn' || why === 'otherPlan' ? (
          t.rich('by', bold)
        ) : (
          <span className="text-warn-ink">{t.rich(`notCounted.${why}`, bold)}</span>
        )}
        <p className="text-12 text-ink-3">
          <Time at={at} />
          {expiresAt === null || why !== null ? null : (
            <>, {t.rich('expires', { time: () => <Time at={expiresAt} /> })}</>
          )}
          {comment === '' ? null : `, “${comment}”`}
        </p>
      </div>
      {withdrawnAt !== null ? (
        <Undo2 aria-hidden className="mt-0.5 size-4 shrink-0 text-ink-3" />
      ) : withdrawApproval === null ? (
        <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-ok" />
      ) : (
        <>
          <WithdrawApproval approval={approval} count={count} withdrawApproval={withdrawApproval} />
          <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-ok" />
        </>
      )}
    </li>
  );
}
