import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import type { PlanView } from '@/lib/client/views';
import { movedDomain } from '@/lib/diversion/moved-domain';
import { ApplyOutcome } from './apply-outcome';
import { DomainConfirm } from './domain-confirm';
import { UnreadFacts } from './unread-facts';
import type { Apply } from './use-apply';

type HandOverDialogProps = {
  /** Where its words are, below `plan`. */
  readonly words: 'apply' | 'schedule';
  readonly view: PlanView;
  readonly apply: Apply;
  readonly icon: ReactNode;
  readonly description: ReactNode;
  readonly size?: 'normal' | 'wide';
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  /** Pressed, and where a real account wants the domain typed, that was typed. */
  readonly onGive: () => void;
  /** What is asked or said before the plan is handed over. */
  readonly children: ReactNode;
};

/** Hands a plan over, at once or on a clock: what could not be read, the domain to type, and what became of it. */
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
