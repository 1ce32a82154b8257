'use client';

import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { asDomain, DomainConfirm } from '@/components/confirm/domain-confirm';
import { ActionFailure } from '@/components/shell/action-failure';
import { clearSent, useAction } from '@/components/shell/use-action';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { FormDialog } from '@/components/ui/form-dialog';
import { CheckboxGroup } from '@/components/ui/forms/checkbox-group';
import { TextField } from '@/components/ui/forms/text-field';
import { Segmented } from '@/components/ui/segmented';
import type {
  BreakGlassAction,
  CommentPlanAction,
  DeclinePlanAction,
  RequestApprovalAction,
} from '@/lib/contract/approval';
import type { PlanId } from '@/lib/plan/model/model';
import { routes } from '@/lib/routes';

type OfPlan = { readonly planId: PlanId; readonly hash: string };
type DialogState = { readonly isOpen: boolean; readonly onClose: () => void };

type RequestDialogProps = OfPlan &
  DialogState & {
    /** The people whose approval can count; empty without sign-in. */
    readonly approvers: readonly string[];
    readonly requestApproval: RequestApprovalAction;
  };

/** Asks people, or everyone who may, to approve the plan. */
export function RequestDialog(props: RequestDialogProps) {
  const { planId, hash, approvers, requestApproval, isOpen, onClose } = props;
  const t = useTranslations('plan.requests');
  const router = useRouter();
  const [from, setFrom] = useState<'everyone' | 'some'>('everyone');
  const [people, setPeople] = useState<readonly string[]>([]);
  const [message, setMessage] = useState('');
  const request = useAction(requestApproval, () => {
    onClose();
    router.refresh();
  });
  return (
    <FormDialog
      open={isOpen}
      onClose={onClose}
      title={t('requestTitle', { plan: planId })}
      description={t('requestText')}
      submitLabel={t('requestNow')}
      isBusy={request.isBusy}
      onSubmit={() => request.send({ planId, hash, approvers: from === 'everyone' ? null : people, message })}
      below={<ActionFailure action={request} />}
    >
      {approvers.length === 0 ? null : (
        <Segmented
          label={t('from')}
          value={from}
          onChange={setFrom}
          options={[
            { value: 'everyone', label: t('fromEveryone') },
            { value: 'some', label: t('fromSome') },
          ]}
        />
      )}
      {from === 'everyone' ? null : (
        <CheckboxGroup
          label={t('people')}
          options={approvers.map((person) => ({ value: person, label: person }))}
          chosen={people}
          onChange={setPeople}
          error={request.fieldError('approvers', people)}
        />
      )}
      <TextField
        label={t('message')}
        error={request.fieldError('message', message)}
        value={message}
        onType={setMessage}
      />
    </FormDialog>
  );
}

type NameFieldProps = {
  readonly approver: string | undefined;
  readonly name: string;
  readonly onType: (name: string) => void;
  readonly error: string | undefined;
};

/** The name of a person without sign-in. */
function NameField({ approver, name, onType, error }: NameFieldProps) {
  const t = useTranslations('plan.requests');
  if (approver !== undefined) return null;
  return <TextField label={t('name')} error={error} value={name} onType={onType} />;
}

type OfPerson = {
  /** The signed-in person; undefined = the name is typed. */
  readonly approver: string | undefined;
};

type DeclineDialogProps = OfPlan & OfPerson & DialogState & { readonly declinePlan: DeclinePlanAction };

/** Declines to approve the plan, with a reason. */
export function DeclineDialog({ planId, hash, approver, declinePlan, isOpen, onClose }: DeclineDialogProps) {
  const t = useTranslations('plan.requests');
  const reasons = useTranslations('shell.reason');
  const router = useRouter();
  const [name, setName] = useState(approver ?? '');
  const [reason, setReason] = useState('');
  const decline = useAction(declinePlan, () => {
    onClose();
    router.refresh();
  });
  return (
    <FormDialog
      open={isOpen}
      onClose={onClose}
      title={t('declineTitle', { plan: planId })}
      description={t('declineText')}
      submitLabel={t('declineNow')}
      isBusy={decline.isBusy}
      onSubmit={() => decline.send({ planId, hash, name, reason })}
      below={<ActionFailure action={decline} />}
    >
      <NameField {...{ approver, name }} onType={setName} error={decline.fieldError('name', name)} />
      <TextField
        label={reasons('label')}
        error={decline.fieldError('reason', reason)}
        value={reason}
        onType={setReason}
      />
    </FormDialog>
  );
}

type CommentFormProps = OfPlan & OfPerson & { readonly commentPlan: CommentPlanAction };

/** Adds a comment. */
export function CommentForm({ planId, hash, approver, commentPlan }: CommentFormProps) {
  const t = useTranslations('plan.requests');
  const router = useRouter();
  const [name, setName] = useState(approver ?? '');
  const [text, setText] = useState('');
  const comment = useAction(commentPlan, (_value, _isHere, sent) => {
    setText(clearSent(sent.text));
    router.refresh();
  });
  return (
    <form
      aria-label={t('commentNow')}
      className="grid gap-2 max-md:hidden"
      onSubmit={(event) => {
        event.preventDefault();
        comment.send({ planId, hash, name, text });
      }}
    >
      {text === '' ? null : (
        <NameField {...{ approver, name }} onType={setName} error={comment.fieldError('name', name)} />
      )}
      <TextField
        label={t('comment')}
        error={comment.fieldError('text', text)}
        value={text}
        onType={setText}
      />
      <ActionFailure action={comment} />
      <div>
        <Button type="submit" size="sm" busy={comment.isBusy}>
          {t('commentNow')}
        </Button>
      </div>
    </form>
  );
}

type BreakGlassDialogProps = OfPlan &
  DialogState & {
    readonly moves: readonly string[] | null;
    readonly isWaiting: boolean;
    readonly breakGlass: BreakGlassAction;
  };

/** Applies the plan without approval, with a reason, and on a real account with the typed names. */
export function BreakGlassDialog(props: BreakGlassDialogProps) {
  const { planId, hash, moves, isWaiting, breakGlass, isOpen, onClose } = props;
  const t = useTranslations('plan.requests');
  const router = useRouter();
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const apply = useAction(breakGlass, ({ runId }, isHere) => {
    if (isHere) router.push(routes.run(runId));
  });
  const mustType = moves !== null && !isWaiting;
  return (
    <Dialog
      open={isOpen}
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={t('breakGlassTitle', { plan: planId })}
      description={t(isWaiting ? 'breakGlassWaiting' : 'breakGlassText')}
      action={
        <Button
          variant="dangerSolid"
          busy={apply.isBusy}
          onClick={() => apply.send({ planId, hash, reason, typedDomain: mustType ? asDomain(typed) : null })}
        >
          {t('breakGlassNow')}
        </Button>
      }
    >
      <TextField
        label={t('reason')}
        error={apply.fieldError('reason', reason)}
        value={reason}
        onType={setReason}
      />
      {mustType ? (
        <DomainConfirm
          names={moves}
          typed={typed}
          onType={setTyped}
          error={apply.fieldError('typedDomain', typed)}
        />
      ) : null}
      <ActionFailure action={apply} />
    </Dialog>
  );
}
