import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { ApplyPlan } from '@/components/plan/clock/apply-plan';
import { runObstacle, useObstacleText } from '@/components/plan/clock/obstacle';
import type { ApplyView } from '@/components/plan/clock/use-apply';
import { ReadOnlyNote } from '@/components/shell/read-only-note';
import type { DiversionSlots } from '@/components/steps/diversion-slots';
import { EarlierChangesPanel } from '@/components/steps/earlier-changes-panel';
import { Ramp } from '@/components/steps/ramp';
import { countSteps } from '@/components/steps/step-groups';
import { signed } from '@/components/ui/base/signed';
import { Copyable } from '@/components/ui/copyable';
import { PageFrame, PageHeader } from '@/components/ui/page-header';
import type { FixPlanAction } from '@/lib/contract/diversion';
import type { ApplyPlanAction, PlanView } from '@/lib/contract/plan';
import type { RescheduleAction } from '@/lib/contract/run';
import { listMovedNames, listWaves } from '@/lib/diversion/routes';
import type { Estate } from '@/lib/estate/model';
import type { Plan } from '@/lib/plan/model/model';
import { stops } from '@/lib/preflight/model/stops';
import { listPlanRamp } from '@/lib/run/model/ramp';
import { AccessPanel } from './access-panel';
import { ApprovalChip } from './approval-chip';
import { type ApprovalActions, ApprovalPanel } from './approval-panel';
import { BlastPanel } from './blast-panel';
import { CostPanel } from './cost-panel';
import { NamesPanel } from './names-panel';
import { PlanExportMenu } from './plan-export';
import type { PlanFiguresProps } from './plan-figures';
import { PlanFigures } from './plan-figures';
import { PlanRoutes } from './plan-routes';
import { PlanSteps } from './plan-steps';
import { PreflightPanel } from './preflight-panel';
import type { RequestActions } from './requests-panel';
import { RequestsPanel } from './requests-panel';
import { routeRows } from './route-rows';

type PlanReviewProps = ApprovalActions &
  DiversionSlots & {
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
    /** The panel of its rehearsals. */
    readonly rehearsals?: ReactNode;
    readonly requesting: RequestActions;
    /** The state of its diversion. */
    readonly state?: ReactNode;
  };

/** Returns what the panel of requests needs: approvals are listed elsewhere. */
function withoutList({ all: _, ...approvals }: PlanView['approvals']) {
  return approvals;
}

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
  rehearsals,
  requesting,
  state,
  tab,
  tabs,
  notes,
  commands,
  children,
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
          mark={
            <>
              {state}
              <ApprovalChip count={view.approvals.count} />
            </>
          }
          sub={<PlanSentence plan={plan} />}
          facts={
            <>
              {notes}
              <span>{t.rich('made', { plan: view.id, ...signed(view.createdBy, view.createdAt) })}</span>
              <span>{t('connection', { name: connection.name, uin: connection.uin ?? '' })}</span>
              {plan.diversion.connections.length === 0 ? null : (
                <span>{t('spans', { ids: plan.diversion.connections.join(', ') })}</span>
              )}
            </>
          }
          actions={
            <>
              {isSuperseded ? null : (
                <ApplyPlan
                  {...{ applyPlan, rescheduleRun, isRescheduling, why }}
                  view={toApplyView(view)}
                  obstacle={runObstacle(view)}
                />
              )}
              {commands}
            </>
          }
        />
        <Ramp
          parts={listPlanRamp(plan)}
          functionShare={plan.diversion.kind === 'switch' || view.runId !== null ? null : 0}
        />
        {tabs}
        {tab === 'now' ? (
          <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_380px]">
            <div className="grid min-w-0 gap-4">
              {changes}
              <NamesPanel rows={routeRows(plan, estate)} />
              <PreflightPanel {...{ view, isSuperseded, fixPlan }} />
              <BlastPanel plan={plan} estate={estate} traffic={view.traffic} />
              {estate === null ? null : <CostPanel view={view} estate={estate} />}
            </div>
            <div className="grid min-w-0 gap-4 lg:max-xl:grid-cols-2">
              {view.replaces === null ? null : <EarlierChangesPanel replaces={view.replaces} of="plan" />}
              <ApprovalPanel view={view} {...approving} />
              <RequestsPanel
                {...requesting}
                planId={view.id}
                hash={view.hash}
                approvals={withoutList(view.approvals)}
                approver={approving.approver}
                moves={connection.kind === 'tencent' ? listMovedNames(plan.diversion) : null}
                isWaiting={view.runId !== null}
                isOff={isSuperseded || (view.runId === null && runObstacle(view) !== null)}
              />
              {rehearsals}
              <AccessPanel plan={plan} connection={connection} estate={estate} />
            </div>
          </div>
        ) : null}
        {tab === 'changes' ? <PlanChanges view={view} estate={estate} /> : null}
        {children}
      </PageFrame>
    </>
  );
}

/** The effect of a plan on the traffic, in one sentence. */
function PlanSentence({ plan: { diversion } }: Pick<PlanView, 'plan'>) {
  const t = useTranslations('plan.review.sentence');
  const isSwitch = diversion.kind === 'switch';
  const shares = isSwitch ? diversion.ramp.map(({ percent }) => percent) : [100];
  const waves = listWaves(diversion).length;
  return (
    <p>
      <strong className="font-semibold text-ink">
        {t('names', {
          count: listMovedNames(diversion).length,
          to: isSwitch ? diversion.toward : diversion.kind === 'access' ? 'access' : 'function',
        })}
      </strong>{' '}
      {t(waves > 0 ? 'waves' : shares.length > 1 ? 'steps' : 'once', {
        count: waves > 0 ? waves : shares.length,
        shares: shares.join(', '),
      })}
    </p>
  );
}

type PlanChangesProps = { readonly view: PlanView; readonly estate: Estate | null };

/** Everything that a plan changes: the routes, each call with its inverse, and the files to apply it elsewhere. */
function PlanChanges({ view, estate }: PlanChangesProps) {
  const t = useTranslations('plan.review');
  const { plan } = view;
  const isBlocked = view.findings.some(stops);
  return (
    <>
      <PlanFigures {...countPlan(plan)} />
      <PlanRoutes rows={routeRows(plan, estate)} takenAt={plan.estateTakenAt} />
      <div className="grid items-start gap-4 xl:grid-cols-2">
        <PlanSteps
          title={t('stepsTitle')}
          note={t('stepsNote')}
          steps={plan.steps}
          waves={listWaves(plan.diversion)}
          aside={
            <PlanExportMenu planId={view.id} forms={isBlocked ? ['json'] : ['terraform', 'tccli', 'json']} />
          }
        />
        <PlanSteps
          title={t('rollback')}
          note={t('rollbackNote')}
          steps={plan.rollback}
          waves={listWaves(plan.diversion)}
          aside={<PlanExportMenu planId={view.id} forms={['tccli-back']} />}
        />
      </div>
      <p className="text-12 text-ink-2">
        {t('hash')} <Copyable value={view.hash} />
      </p>
    </>
  );
}

/** Returns the sums of a plan: calls, time, and what its rollback takes. */
function countPlan(plan: Plan): PlanFiguresProps {
  const undone = new Set(plan.rollback.flatMap((step) => (step.kind === 'write' ? (step.undoes ?? []) : [])));
  const invertible = plan.steps.filter((step) => step.kind === 'write' && undone.has(step.id)).length;
  return { apply: countSteps(plan.steps), rollback: countSteps(plan.rollback), invertible };
}

/** Returns the facts of a plan for its dialogs, without passed checks. The steps are sent once, with their list. */
function toApplyView({ connection, approvals, plan, findings, ...view }: PlanView): ApplyView {
  return {
    id: view.id,
    hash: view.hash,
    runId: view.runId,
    disconnected: view.disconnected,
    reschedulable: view.reschedulable,
    policy: view.policy,
    figureIntervals: view.figureIntervals,
    traffic: view.traffic && { readings: view.traffic.readings, functionLagMs: view.traffic.functionLagMs },
    plan: { diversion: plan.diversion, steps: plan.steps, rollback: plan.rollback },
    connection: { kind: connection.kind, name: connection.name },
    approvals: { count: approvals.count },
    findings: findings.filter(({ status }) => status !== 'pass'),
  };
}
