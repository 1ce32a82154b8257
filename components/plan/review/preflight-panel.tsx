import { useFieldName } from '@/components/findings/use-field-name';
import type { FixPlanAction } from '@/lib/contract/diversion';
import type { PlanView } from '@/lib/contract/plan';
import { toDraft } from '@/lib/diversion/to-draft';
import { shownAt } from '@/lib/draft/draft-fields';
import { routes } from '@/lib/routes';
import { FindingFixes } from './finding-fixes';
import { type FindingRepair, PreflightList } from './preflight-list';

type PreflightPanelProps = {
  readonly view: PlanView;
  readonly isSuperseded: boolean;
  readonly fixPlan: FixPlanAction;
};

/** The checks of a plan, with the fix of each finding and a link to its field. */
export function PreflightPanel({ view, isSuperseded, fixPlan }: PreflightPanelProps) {
  const { id: planId, plan, findings, connection, diversionId, runId, createdAt } = view;
  const draft = toDraft(plan.diversion);
  const fieldName = useFieldName(draft);
  const repair: FindingRepair = {
    fieldOf: ({ field }) => fieldName(shownAt(draft, field)),
    hrefOf: ({ field }) =>
      routes.newDiversion(connection.id, { diversion: diversionId, field: shownAt(draft, field) }),
    placeOf: (finding) => findings.indexOf(finding),
  };
  // Findings can't be fixed in a running plan, nor in one that restores drift, which restores an already planned state.
  const canRepair = !isSuperseded && runId === null && plan.restores === undefined;
  return (
    <FindingFixes {...{ planId, fixPlan }}>
      <PreflightList findings={findings} checkedAt={createdAt} repair={canRepair ? repair : null} />
    </FindingFixes>
  );
}
