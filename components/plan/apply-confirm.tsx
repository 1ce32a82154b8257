import type { PlanView } from '@/lib/client/views';
import { movedDomain } from '@/lib/diversion/moved-domain';
import { ApplyOutcome } from './apply-outcome';
import { DomainConfirm } from './domain-confirm';
import { UnreadFacts } from './unread-facts';
import type { Apply } from './use-apply';

type ApplyConfirmProps = {
  readonly view: PlanView;
  readonly apply: Apply;
  readonly failed: string;
  readonly unknown: string;
};

/** The end of each dialog that hands a plan over: what could not be read, the domain to type, and what became of it. */
export function ApplyConfirm({ view, apply, failed, unknown }: ApplyConfirmProps) {
  const { typed } = apply;
  return (
    <>
      <UnreadFacts findings={view.findings} />
      {typed.isWanted ? (
        <DomainConfirm
          domain={movedDomain(view.plan.diversion)}
          typed={typed.text}
          onType={typed.set}
          error={typed.error}
        />
      ) : null}
      <ApplyOutcome apply={apply} failed={failed} unknown={unknown} />
    </>
  );
}
