'use client';

import { useRouter } from 'next/navigation';
import { useFieldName } from '@/components/findings/use-field-name';
import { ActionFailure } from '@/components/shell/action-failure';
import { useAction } from '@/components/shell/use-action';
import type { FixPlanAction } from '@/lib/client/diversion-actions';
import type { PlanView } from '@/lib/client/views';
import { toDraft } from '@/lib/diversion/to-draft';
import { shownAt } from '@/lib/draft/draft-fields';
import { routes } from '@/lib/routes';
import { type FindingRepair, PreflightList } from './preflight-list';

type PreflightPanelProps = {
  readonly view: PlanView;
  readonly isSuperseded: boolean;
  readonly fixPlan: FixPlanAction;
};

/** The checks of a plan, with the fix of each finding and the way to its field. */
export function PreflightPanel({ view, isSuperseded, fixPlan }: PreflightPanelProps) {
  const { id: planId, plan, findings, connection, diversionId, runId, createdAt } = view;
  const router = useRouter();
  const draft = toDraft(plan.diversion);
  const fieldName = useFieldName(draft);
  const fixing = useAction(fixPlan, (made) => router.push(routes.plan(made.planId)));
  const repair: FindingRepair = {
    fieldOf: ({ field }) => fieldName(shownAt(draft, field)),
    hrefOf: ({ field }) =>
      routes.newDiversion(connection.id, { diversion: diversionId, field: shownAt(draft, field) }),
    fix: (finding) => fixing.send({ planId, finding: findings.indexOf(finding) }),
    isBusy: fixing.isBusy || fixing.isDone,
  };
  // A plan that runs keeps its findings, and one that restores drift restores what is planned already.
  const canRepair = !isSuperseded && runId === null && plan.restores === undefined;
  return (
    <div className="grid min-w-0 gap-2">
      <PreflightList findings={findings} checkedAt={createdAt} repair={canRepair ? repair : null} />
      <ActionFailure action={{ ...fixing, refusal: fixing.refusal ?? fixing.fieldErrors }} />
    </div>
  );
}
