import { Clock, ListOrdered, Undo, Undo2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { ApplyPlan } from '@/components/plan/clock/apply-plan';
import { runObstacle, useObstacleText } from '@/components/plan/clock/obstacle';
import { ReadOnlyNote } from '@/components/shell/read-only-note';
import { EarlierChangesPanel } from '@/components/steps/earlier-changes-panel';
import { countSteps, type StepTotals } from '@/components/steps/step-groups';
import { Copyable } from '@/components/ui/copyable';
import { durationText } from '@/components/ui/duration-text';
import { FactRow, Facts } from '@/components/ui/facts';
import { Figures, FigureTile } from '@/components/ui/figures';
import { PageFrame, PageHeader } from '@/components/ui/page-header';
import { Panel } from '@/components/ui/panel';
import { Time } from '@/components/ui/time';
import type { ApplyPlanAction } from '@/lib/client/actions';
import type { FixPlanAction, RescheduleAction } from '@/lib/client/diversion-actions';
import type { PlanView } from '@/lib/client/views';
import { listWaves } from '@/lib/diversion/routes';
import type { Estate } from '@/lib/estate/model';
import type { Plan } from '@/lib/plan/model/model';
import { AccessPanel } from './access-panel';
import { ApprovalChip } from './approval-chip';
import { type ApprovalActions, ApprovalPanel } from './approval-panel';
import { BlastPanel } from './blast-panel';
import { CostPanel } from './cost-panel';
import { PlanExportMenu } from './plan-export';
import { PlanRoutes } from './plan-routes';
import { PlanSteps } from './plan-steps';
import { PreflightPanel } from './preflight-panel';

type PlanReviewProps = ApprovalActions & {
  readonly view: PlanView;
  /** The newest snapshot, for names, sizes and billing: what is applied is in the plan. */
  readonly estate?: Estate | null;
  readonly applyPlan: ApplyPlanAction;
  readonly rescheduleRun: RescheduleAction;
  readonly fixPlan: FixPlanAction;
  /** True if the address asks for the dialog that changes the schedule of its run. */
  readonly isRescheduling?: boolean;
  /** True if a newer revision of its diversion exists: it can't be applied. */
  readonly isSuperseded?: boolean;
  /** The comparison with the revision before. */
  readonly changes?: ReactNode;
};

/** A plan as it will run: routes before and after, each call with its inverse, the checks, and the rollback. */
export function PlanReview({
  view,
  estate = null,
  applyPlan,
  rescheduleRun,
  fixPlan,
  isRescheduling = false,
  isSuperseded = false,
  changes,
  ...approving
}: PlanReviewProps) {
  const t = useTranslations('plan.review');
  const why = useObstacleText(view);
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
          actions={
            isSuperseded ? null : (
              <ApplyPlan
                {...{ applyPlan, rescheduleRun, isRescheduling, why }}
                view={withoutPassed(view)}
                obstacle={runObstacle(view)}
              />
            )
          }
        />
        <PlanFigures plan={plan} />
        <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_380px]">
          <div className="grid min-w-0 gap-4">
            {changes}
            <PlanRoutes plan={plan} estate={estate} />
            <BlastPanel plan={plan} estate={estate} traffic={view.traffic} />
            {estate === null ? null : <CostPanel view={view} estate={estate} />}
            <PlanIdentity view={view} />
          </div>
          <div className="grid min-w-0 gap-4 lg:max-xl:grid-cols-2">
            {view.replaces === null ? null : <EarlierChangesPanel replaces={view.replaces} of="plan" />}
            <ApprovalPanel view={view} {...approving} />
            <PreflightPanel {...{ view, isSuperseded, fixPlan }} />
            <AccessPanel plan={plan} connection={connection} estate={estate} />
          </div>
        </div>
        <div className="grid items-start gap-4 xl:grid-cols-2">
          <PlanSteps
            title={t('stepsTitle')}
            note={t('stepsNote')}
            steps={plan.steps}
            waves={listWaves(plan.diversion)}
            aside={<PlanExportMenu planId={view.id} forms={['terraform', 'tccli', 'json']} />}
          />
          <PlanSteps
            title={t('rollback')}
            note={t('rollbackNote')}
            steps={plan.revert}
            waves={listWaves(plan.diversion)}
            aside={<PlanExportMenu planId={view.id} forms={['tccli-back']} />}
          />
        </div>
      </PageFrame>
    </>
  );
}

/** Returns a plan for its dialogs without the passed checks, which the page would otherwise contain twice. */
function withoutPassed(view: PlanView): PlanView {
  return { ...view, findings: view.findings.filter(({ status }) => status !== 'pass') };
}

/** The identity of this exact plan: its hash changes with any step. */
function PlanIdentity({ view }: { readonly view: PlanView }) {
  const t = useTranslations('plan.review');
  return (
    <Panel title={t('hash')}>
      <Facts>
        <FactRow name={t('planId')}>
          <Copyable value={view.id} />
        </FactRow>
        <FactRow name={t('hashName')}>
          <Copyable value={view.hash} />
        </FactRow>
      </Facts>
    </Panel>
  );
}

/** Returns the parts of a duration as text: calls and probes, and waits. */
function timeParts({ workS, waitS }: StepTotals) {
  return { work: durationText(workS), wait: durationText(waitS) };
}

/** The sums of a plan: calls, time, and what its rollback takes. */
function PlanFigures({ plan }: { readonly plan: Plan }) {
  const t = useTranslations('plan.review');
  const there = countSteps(plan.steps);
  const back = countSteps(plan.revert);
  const undone = new Set(plan.revert.flatMap((step) => (step.kind === 'write' ? (step.undoes ?? []) : [])));
  const invertible = plan.steps.filter((step) => step.kind === 'write' && undone.has(step.id)).length;
  return (
    <div className="overflow-hidden rounded-lg border border-line [&>section]:border-b-0">
      <Figures label={t('summary')}>
        <FigureTile
          icon={<ListOrdered aria-hidden />}
          name={t('steps')}
          value={there.writes}
          unit={t('stepsUnit', { count: there.writes })}
          detail={t('stepsDetail', {
            services: there.services.length,
            regions: there.regions.length,
            probes: there.probes,
          })}
        />
        <FigureTile
          icon={<Clock aria-hidden />}
          name={t('duration')}
          value={durationText(there.workS + there.waitS)}
          unit={t('durationUnit')}
          detail={there.waitS === 0 ? t('durationDetail') : t('durationParts', timeParts(there))}
        />
        <FigureTile
          icon={<Undo2 aria-hidden />}
          name={t('rollbackTime')}
          value={durationText(back.workS + back.waitS)}
          unit={t('durationUnit')}
          detail={t('durationParts', timeParts(back))}
        />
        <FigureTile
          icon={<Undo aria-hidden />}
          name={t('inverse')}
          value={back.writes}
          unit={t('inverseUnit', { count: back.writes })}
          detail={t('inverseDetail', { done: invertible, all: there.writes })}
        />
      </Figures>
    </div>
  );
}
