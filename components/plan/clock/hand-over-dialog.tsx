import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { DomainConfirm } from '@/components/confirm/domain-confirm';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import type { PlanView } from '@/lib/client/views';
import { movedDomain } from '@/lib/diversion/moved-domain';
import { ApplyOutcome } from './apply-outcome';
import { UnreadFacts } from './unread-facts';
import type { Apply } from './use-apply';

type HandOverDialogProps = {
  /** The place of its texts, below `plan`. */
  readonly words: 'apply' | 'schedule';
  readonly view: PlanView;
  readonly apply: Apply;
  readonly icon: ReactNode;
  readonly description: ReactNode;
  readonly size?: 'normal' | 'wide';
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  /** Called when the button is pressed and, if a real account requires the domain, the domain was typed. */
  readonly onGive: () => void;
  /** Content shown before the plan is submitted. */
  readonly children: ReactNode;
};

/** Submits a plan, at once or on a schedule, and shows unreadable facts, the domain to type, and the outcome. */
export function HandOverDialog(props: HandOverDialogProps) {
  const {
    words,
    view,
    apply,
    icon,
    description,
    size = 'normal',
    open,
    onOpenChange,
    onGive,
    children,
  } = props;
  const t = useTranslations(`plan.${words}`);
  const { typed } = apply;
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      size={size}
      title={t('title')}
      description={description}
      icon={icon}
      cancelLabel={t('cancel')}
      action={
        <Button variant="primary" busy={apply.isBusy} disabled={!apply.isConfirmed} onClick={onGive}>
          {t('submit')}
        </Button>
      }
    >
      {children}
      <UnreadFacts findings={view.findings} />
      {typed.isWanted ? (
        <DomainConfirm
          domain={movedDomain(view.plan.diversion)}
          typed={typed.text}
          onType={typed.set}
          error={typed.error}
        />
      ) : null}
      <ApplyOutcome apply={apply} failed={t('failed')} unknown={t('unknown')} />
    </Dialog>
  );
}
