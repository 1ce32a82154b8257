'use client';

import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { createContext, type ReactNode, useContext } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { useAction } from '@/components/shell/use-action';
import { TextButton } from '@/components/ui/text-link';
import { useMay } from '@/lib/client/session/rights';
import type { FixPlanAction } from '@/lib/contract/diversion';
import type { PlanId } from '@/lib/plan/model/model';
import { routes } from '@/lib/routes';

type Fixing = { readonly isBusy: boolean; readonly fix: (finding: number) => void };

const FixingContext = createContext<Fixing | null>(null);

type FindingFixesProps = {
  readonly planId: PlanId;
  readonly fixPlan: FixPlanAction;
  /** The findings. */
  readonly children: ReactNode;
};

/** Applies the fixes of a plan's findings, one at a time: each creates the next revision and opens it. */
export function FindingFixes({ planId, fixPlan, children }: FindingFixesProps) {
  const router = useRouter();
  const fixing = useAction(fixPlan, (made, isHere) => {
    if (isHere) router.push(routes.plan(made.planId));
  });
  const value: Fixing = {
    isBusy: fixing.isBusy || fixing.isDone,
    fix: (finding) => fixing.send({ planId, finding }),
  };
  return (
    <FixingContext value={value}>
      <div className="grid min-w-0 gap-2">
        {children}
        <ActionFailure action={{ ...fixing, refusal: fixing.refusal ?? fixing.fieldErrors }} />
      </div>
    </FixingContext>
  );
}

type FixButtonProps = {
  /** The place of the finding among all of the plan. */
  readonly finding: number;
  readonly children: string;
};

/** Applies the fix of a finding. */
export function FixButton({ finding, children }: FixButtonProps) {
  const t = useTranslations('plan.actions');
  const fixing = useContext(FixingContext);
  if (!useMay('operate')) return <span className="text-ink-3">{children}</span>;
  return (
    <TextButton
      disabled={fixing === null || fixing.isBusy}
      title={t('fixNote')}
      onClick={() => fixing?.fix(finding)}
    >
      {children}
    </TextButton>
  );
}
