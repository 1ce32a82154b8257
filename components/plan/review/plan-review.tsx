import { useTranslations } from 'next-intl';
import { ApplyPlan } from '@/components/plan/clock/apply-plan';
import { ReadOnlyNote } from '@/components/shell/read-only-note';
import { LeftPanel } from '@/components/steps/left-panel';
import { PageFrame, PageHeader } from '@/components/ui/page-header';
import { Time } from '@/components/ui/time';
import type { ApplyPlanAction } from '@/lib/client/actions';
import type { PlanView } from '@/lib/client/views';
import type { Estate } from '@/lib/estate/model';
import { AccessPanel } from './access-panel';
import { ApprovalChip } from './approval-chip';
import { type ApprovalActions, ApprovalPanel } from './approval-panel';
import { BlastPanel } from './blast-panel';
import { CostPanel } from './cost-panel';
import { PlanExportMenu } from './plan-export';
import { PlanFigures } from './plan-figures';
import { PlanIdentity } from './plan-identity';
import { PlanRoutes } from './plan-routes';
import { PlanSteps } from './plan-steps';
import { PreflightList } from './preflight-list';

type PlanReviewProps = ApprovalActions & {
  readonly view: PlanView;
  /** The newest snapshot, for names, sizes and billing: what is applied is in the plan. */
  readonly estate?: Estate | null;
  readonly applyPlan: ApplyPlanAction;
};

/** A plan as it will run: routes before and after, each call with its inverse, the checks, and the rollback. */
export function PlanReview({ view, estate = null, applyPlan, ...approving }: PlanReviewProps) {
  const t = useTranslations('plan.review');
  const { plan, connection } = view;
  return (
    <>
      <ReadOnlyNote />
      <PageFrame>
        <PageHeader
          title={plan.diversion.name}
          mark={<ApprovalChip count={view.approvals.count} />}
          sub={
            <span className="flex flex-wrap gap-x-3 text-12">
              <span>{t('kind', { kind: plan.diversion.kind })}</span>
              <span>
                {t.rich('made', { actor: view.createdBy, time: () => <Time at={view.createdAt} /> })}
              </span>
              <span>{t('connection', { name: connection.name, uin: connection.uin ?? '' })}</span>
              {plan.diversion.connections.length === 0 ? null : (
                <span>{t('spans', { ids: plan.diversion.connections.join(', ') })}</span>
              )}
            </span>
          }
          actions={<ApplyPlan view={view} applyPlan={applyPlan} />}
        />
        <PlanFigures plan={plan} />
        <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_380px]">
          <div className="grid min-w-0 gap-4">
            <PlanRoutes plan={plan} estate={estate} />
            <BlastPanel plan={plan} estate={estate} traffic={view.traffic} />
            {estate === null ? null : <CostPanel view={view} estate={estate} />}
            <PlanIdentity view={view} />
          </div>
          <div className="grid min-w-0 gap-4 lg:max-xl:grid-cols-2">
            {view.replaces === null ? null : <LeftPanel replaces={view.replaces} of="plan" />}
            <ApprovalPanel view={view} {...approving} />
            <PreflightList findings={view.findings} checkedAt={view.createdAt} />
            <AccessPanel plan={plan} connection={connection} estate={estate} />
          </div>
        </div>
        <div className="grid items-start gap-4 xl:grid-cols-2">
          <PlanSteps
            title={t('stepsTitle')}
            note={t('stepsNote')}
            steps={plan.steps}
            aside={<PlanExportMenu planId={view.id} forms={['terraform', 'tccli', 'json']} />}
          />
          <PlanSteps
            title={t('wayBack')}
            note={t('wayBackNote')}
            steps={plan.revert}
            aside={<PlanExportMenu planId={view.id} forms={['tccli-back']} />}
          />
        </div>
      </PageFrame>
    </>
  );
}
