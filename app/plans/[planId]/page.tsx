import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { orForbidden } from '@/app/or-forbidden';
import { DiversionBar } from '@/components/diversions/diversion-bar';
import { RevisionDiff } from '@/components/diversions/revision-diff';
import { PlanReview } from '@/components/plan/review/plan-review';
import { RehearsalsPanel } from '@/components/rehearsal/rehearsals-panel';
import { AppShell } from '@/components/shell/app-shell';
import { RefreshOnChange } from '@/components/shell/refresh-on-change';
import { RightsOn } from '@/lib/client/session/rights';
import { routes } from '@/lib/routes';
import { getSession } from '@/lib/server/auth/get-session';
import { listConnections } from '@/lib/server/connections/list-connections';
import {
  discardDiversion,
  duplicateDiversion,
  restoreDiversion,
} from '@/lib/server/diversions/change-diversions';
import { fixPlan } from '@/lib/server/diversions/fix-plan';
import { getDiversion } from '@/lib/server/diversions/get-diversion';
import { getSnapshot } from '@/lib/server/estate/get-estate';
import { approvePlan, withdrawApproval } from '@/lib/server/plans/change-approvals';
import { cancelRequest, commentPlan, declinePlan, requestApproval } from '@/lib/server/plans/change-requests';
import { getPlan } from '@/lib/server/plans/get-plan';
import { startRehearsal } from '@/lib/server/rehearsals/start-rehearsal';
import { applyPlan } from '@/lib/server/runs/apply-plan';
import { breakGlass } from '@/lib/server/runs/break-glass';
import { cancelSchedule, rescheduleRun } from '@/lib/server/runs/change-schedule';

type Props = {
  readonly params: Promise<{ planId: string }>;
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>;
};

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).planId };
}

export default async function PlanPage({ params, searchParams }: Props) {
  const { planId } = await params;
  const { reschedule } = await searchParams;
  const [view, connections, session, t] = await Promise.all([
    orForbidden(getPlan(planId)),
    listConnections(),
    getSession(),
    getTranslations('shell'),
  ]);
  if (view === null) notFound();
  const estate = await orForbidden(
    getSnapshot({ connectionId: view.connection.id, others: view.plan.diversion.connections }),
  );
  const diversion = await orForbidden(getDiversion(view.diversionId));
  if (diversion === null) notFound();
  const place = diversion.revisions.findIndex((each) => each.planId === view.id);
  const earlier = diversion.revisions[place + 1];
  const before = earlier && (await orForbidden(getPlan(earlier.planId)));
  const trail = [
    { label: t('section.diversions'), href: routes.diversions() },
    { label: diversion.id, href: routes.diversion(diversion.id) },
    { label: view.id },
  ];
  return (
    <AppShell
      connections={connections}
      connectionId={view.connection.id}
      section="diversions"
      head={{ trail }}
    >
      <RefreshOnChange kinds={['diversion', 'run', 'plan', 'policy', 'connection']} />
      <RightsOn footprint={diversion.footprint}>
        <DiversionBar
          diversion={diversion}
          tab="plan"
          revision={diversion.revisions[place] ?? null}
          duplicateDiversion={duplicateDiversion}
          discardDiversion={discardDiversion}
          restoreDiversion={restoreDiversion}
          cancelSchedule={cancelSchedule}
        />
        <PlanReview
          {...{
            view,
            isSuperseded: diversion.revisions[place]?.state === 'superseded',
            changes: before && earlier && (
              <RevisionDiff plan={view.plan} before={{ plan: before.plan, number: earlier.number }} />
            ),
            rehearsals: <RehearsalsPanel planId={view.id} hash={view.hash} startRehearsal={startRehearsal} />,
            estate,
            applyPlan,
            rescheduleRun,
            fixPlan,
            isRescheduling: reschedule !== undefined,
            approver: session.signIn === 'done' ? session.name : undefined,
            approvePlan,
            withdrawApproval,
            requesting: { requestApproval, cancelRequest, declinePlan, commentPlan, breakGlass },
          }}
        />
      </RightsOn>
    </AppShell>
  );
}
