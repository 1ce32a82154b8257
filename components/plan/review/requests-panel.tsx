'use client';

import { MessageSquare, ShieldOff, ThumbsDown, UserCheck } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { useAction } from '@/components/shell/use-action';
import { Callout } from '@/components/ui/banner';
import { signed } from '@/components/ui/base/signed';
import { Button } from '@/components/ui/button';
import { Chip } from '@/components/ui/chip';
import { Panel } from '@/components/ui/panel';
import { useMay } from '@/lib/client/session/rights';
import type {
  ApprovalRequestView,
  ApprovalsView,
  BreakGlassAction,
  CancelRequestAction,
  CommentPlanAction,
  DeclinePlanAction,
  PlanCommentView,
  RequestApprovalAction,
} from '@/lib/contract/approval';
import type { PlanId } from '@/lib/plan/model/model';
import { isUnapproved } from '@/lib/policy/approval';
import { BreakGlassDialog, CommentForm, DeclineDialog, RequestDialog } from './requests-forms';

/** The verbs of requests, and what the person at the browser may do. */
export type RequestActions = {
  readonly requestApproval: RequestApprovalAction;
  readonly cancelRequest: CancelRequestAction;
  readonly declinePlan: DeclinePlanAction;
  readonly commentPlan: CommentPlanAction;
  readonly breakGlass: BreakGlassAction;
};

export type RequestsPanelProps = RequestActions & {
  readonly planId: PlanId;
  readonly hash: string;
  readonly approvals: Omit<ApprovalsView, 'all'>;
  /** The signed-in person; undefined = the name is typed. */
  readonly approver: string | undefined;
  /** The moved names that a real account requires to be typed; null = none is required. */
  readonly moves: readonly string[] | null;
  /** True if its run waits: it is not applied at once. */
  readonly isWaiting: boolean;
  /** True if a newer revision exists, or it can't run at all. */
  readonly isOff: boolean;
};

type Shown = 'request' | 'decline' | 'breakGlass';

/** The requests to approve a plan, what people wrote about it, and how to apply it without approval. */
export function RequestsPanel(props: RequestsPanelProps) {
  const { planId, hash, approvals, approver, isOff } = props;
  const t = useTranslations('plan.requests');
  const [dialog, setDialog] = useState<{ count: number; shown: Shown; isOpen: boolean }>({
    count: 0,
    shown: 'request',
    isOpen: false,
  });
  const show = (shown: Shown) => setDialog(({ count }) => ({ count: count + 1, shown, isOpen: true }));
  const close = () => setDialog((now) => ({ ...now, isOpen: false }));
  const mayRequest = useMay('operate');
  const mayDecline = useMay('approve');
  const mayBreakGlass = useMay('breakGlass');
  const mayComment = useMay('respond');
  const { count, requirement, state, comments, voidRequests, isOutdated } = approvals;
  const isOpen = state === 'open' && !isOff;
  const isMissing = isOpen && isUnapproved(count);
  const isAsked = approvals.requests.some((request) => request.state === 'open');
  const isEmpty = approvals.requests.length === 0 && comments.length === 0;
  const isShown = (each: Shown) => dialog.isOpen && dialog.shown === each;
  return (
    <Panel title={t('title')} flush>
      <div className="grid gap-2 px-4 py-3">
        {isOutdated ? <Callout tone="warn">{t('outdated')}</Callout> : null}
        {isMissing && voidRequests > 0 && !isAsked ? (
          <Callout tone="warn">{t('voided', { count: voidRequests })}</Callout>
        ) : null}
        {isEmpty ? <p className="text-12 text-ink-2">{t('none')}</p> : null}
        <ul className="grid gap-2">
          {approvals.requests.map((request) => (
            <RequestRow
              key={request.id}
              planId={planId}
              request={request}
              cancelRequest={isOpen && mayRequest ? props.cancelRequest : null}
            />
          ))}
          {comments.map((comment) => (
            <CommentRow key={`comment ${comment.id}`} comment={comment} needed={count.needed} />
          ))}
        </ul>
        {mayComment ? <CommentForm {...{ planId, hash, approver }} commentPlan={props.commentPlan} /> : null}
        <div className="flex flex-wrap gap-2 max-md:hidden">
          {isMissing && mayRequest ? (
            <Button size="sm" icon={<UserCheck aria-hidden />} onClick={() => show('request')}>
              {t('request')}
            </Button>
          ) : null}
          {isOpen && count.needed > 0 && mayDecline ? (
            <Button size="sm" icon={<ThumbsDown aria-hidden />} onClick={() => show('decline')}>
              {t('decline')}
            </Button>
          ) : null}
          {isMissing && requirement.breakGlass && mayBreakGlass ? (
            <Button
              size="sm"
              variant="danger"
              icon={<ShieldOff aria-hidden />}
              onClick={() => show('breakGlass')}
            >
              {t('breakGlass')}
            </Button>
          ) : null}
        </div>
      </div>
      <RequestDialog
        key={`request ${dialog.count}`}
        {...{ planId, hash }}
        approvers={approvals.approvers}
        requestApproval={props.requestApproval}
        isOpen={isShown('request')}
        onClose={close}
      />
      <DeclineDialog
        key={`decline ${dialog.count}`}
        {...{ planId, hash, approver }}
        declinePlan={props.declinePlan}
        isOpen={isShown('decline')}
        onClose={close}
      />
      <BreakGlassDialog
        key={`glass ${dialog.count}`}
        {...{ planId, hash }}
        moves={props.moves}
        isWaiting={props.isWaiting}
        breakGlass={props.breakGlass}
        isOpen={isShown('breakGlass')}
        onClose={close}
      />
    </Panel>
  );
}

type RequestRowProps = {
  readonly planId: PlanId;
  readonly request: ApprovalRequestView;
  /** null = it has no effect any more, or the person may not cancel it. */
  readonly cancelRequest: CancelRequestAction | null;
};

const bold = (text: ReactNode) => <b className="font-semibold">{text}</b>;

function RequestRow({ planId, request, cancelRequest }: RequestRowProps) {
  const t = useTranslations('plan.requests');
  const { actor, approvers, message, at, state, gone } = request;
  return (
    <li className="grid gap-1 break-words">
      <span>
        {t.rich('of', { b: bold, ...signed(actor, at), approvers: approvers?.join(', ') ?? t('everyone') })}{' '}
        <Chip tone={state === 'open' ? 'warn' : state === 'approved' ? 'ok' : 'neutral'}>
          {t(`state.${state}`)}
        </Chip>
      </span>
      {message === '' ? null : <p className="text-12 text-ink-2">“{message}”</p>}
      {state === 'open' && gone.length > 0 ? (
        <p className="text-12 text-warn-ink">{t('gone', { names: gone.join(', ') })}</p>
      ) : null}
      {state === 'open' && cancelRequest !== null ? (
        <CancelRequest {...{ planId, cancelRequest }} requestId={request.id} />
      ) : null}
    </li>
  );
}

function CancelRequest({
  planId,
  requestId,
  cancelRequest,
}: {
  readonly planId: PlanId;
  readonly requestId: number;
  readonly cancelRequest: CancelRequestAction;
}) {
  const t = useTranslations('plan.requests');
  const router = useRouter();
  const cancel = useAction(cancelRequest, () => router.refresh());
  return (
    <div className="max-md:hidden">
      <Button
        size="sm"
        variant="ghost"
        busy={cancel.isBusy}
        onClick={() => cancel.send({ planId, requestId })}
      >
        {t('cancel')}
      </Button>
      <ActionFailure action={cancel} />
    </div>
  );
}

type CommentRowProps = { readonly comment: PlanCommentView; readonly needed: number };

function CommentRow({ comment, needed }: CommentRowProps) {
  const t = useTranslations('plan.requests');
  const { name, text, at, stands } = comment;
  const who = { b: bold, ...signed(name, at) };
  return (
    <li className="grid gap-1 break-words">
      <span className={stands === null ? 'flex items-center gap-1.5' : 'text-warn-ink'}>
        {stands === null ? <MessageSquare aria-hidden className="size-3.5 shrink-0 text-ink-3" /> : null}
        <span className="min-w-0">{t.rich(stands === null ? 'commented' : 'declined', who)}</span>
      </span>
      <p className="text-12 whitespace-pre-wrap text-ink-2">{text}</p>
      {stands === true && needed > 0 ? <p className="text-12 text-warn-ink">{t('declineStands')}</p> : null}
    </li>
  );
}
