import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import type { ReactNode } from 'react';
import { orForbidden } from '@/app/or-forbidden';
import { ActivityPanel } from '@/components/diversions/activity-panel';
import { DiversionHeadCommands, DiversionNotes, DiversionTabs } from '@/components/diversions/diversion-bar';
import { RecurrencePanel } from '@/components/diversions/recurrence-panel';
import { RevisionDiff } from '@/components/diversions/revision-diff';
import { StateChip } from '@/components/diversions/state-chip';
import { PlanReview } from '@/components/plan/review/plan-review';
import { RehearsalsPanel } from '@/components/rehearsal/rehearsals-panel';
import { outlineSteps } from '@/components/run/screen/outline-steps';
import { RunScreen } from '@/components/run/screen/run-screen';
import { AppShell } from '@/components/shell/app-shell';
import { RefreshOnChange } from '@/components/shell/refresh-on-change';
import type { DiversionSlots } from '@/components/steps/diversion-slots';
import { Banner } from '@/components/ui/banner';
import { PageFrame, PageHeader } from '@/components/ui/page-header';
import { RightsOn } from '@/lib/client/session/rights';
import type { DiversionView } from '@/lib/contract/diversion';
import type { PlanView } from '@/lib/contract/plan';
import type { RunPageView } from '@/lib/contract/run';
import { diversionTabs, routes } from '@/lib/routes';
import { getSession } from '@/lib/server/auth/get-session';
import { listConnections } from '@/lib/server/connections/list-connections';
import {
  discardDiversion,
  duplicateDiversion,
  restoreDiversion,
} from '@/lib/server/diversions/change-diversions';
import { fixPlan } from '@/lib/server/diversions/fix-plan';
import { getActivity } from '@/lib/server/diversions/get-activity';
import { getDiversion } from '@/lib/server/diversions/get-diversion';
import { getSnapshot } from '@/lib/server/estate/get-estate';
import { approvePlan, withdrawApproval } from '@/lib/server/plans/change-approvals';
import { cancelRequest, commentPlan, declinePlan, requestApproval } from '@/lib/server/plans/change-requests';
import { getPlan } from '@/lib/server/plans/get-plan';
import { setRecurrence, stopRecurrence } from '@/lib/server/recurrences/change-recurrence';
import { startRehearsal } from '@/lib/server/rehearsals/start-rehearsal';
import { applyPlan } from '@/lib/server/runs/apply-plan';
import { breakGlass } from '@/lib/server/runs/break-glass';
import { cancelSchedule, rescheduleRun } from '@/lib/server/runs/change-schedule';
import { commandRun } from '@/lib/server/runs/command-run';
import { getRun } from '@/lib/server/runs/get-run';
import { replanRun } from '@/lib/server/runs/replan-run';

type Query = Readonly<Record<string, string | string[] | undefined>>;
type Props = {
  readonly params: Promise<{ diversionId: string }>;
  readonly searchParams: Promise<Query>;
};

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).diversionId };
}

/** Returns the ids that an address names; other values count as absent. */
function readShown({ plan, run }: Query) {
  if (typeof run === 'string') return { run };
  return typeof plan === 'string' ? { plan } : {};
}

/** A diversion with its current plan or run, or with the one that the address names. */
export default async function DiversionPage({ params, searchParams }: Props) {
  const { diversionId } = await params;
  const asked = await searchParams;
  const [diversion, connections, t] = await Promise.all([
    orForbidden(getDiversion(diversionId)),
    listConnections(),
    getTranslations('shell.section'),
  ]);
  if (diversion === null) notFound();
  const shown = readShown(asked);
  const { current } = diversion;
  const revision =
    diversion.revisions.find(({ planId, runId }) => planId === shown.plan || runId === shown.run) ??
    (shown.plan === undefined && shown.run === undefined ? current : undefined);
  if (revision === undefined) notFound();
  const tab = diversionTabs.find((each) => each === asked.tab) ?? 'now';
  const showsPlan = shown.plan !== undefined;
  const slots: DiversionSlots = {
    tab,
    tabs: <DiversionTabs {...{ diversion, revision, tab, shown }} />,
    notes: <DiversionNotes {...{ diversion, revision }} />,
    commands: (
      <DiversionHeadCommands
        {...{ diversion, revision, showsPlan }}
        {...{ duplicateDiversion, discardDiversion, restoreDiversion, cancelSchedule }}
      />
    ),
    children: tab === 'activity' ? await readActivity(diversion) : null,
  };
  const trail = [{ label: t('diversions'), href: routes.diversions() }, { label: diversion.id }];
  return (
    <AppShell
      connections={connections}
      connectionId={diversion.connection.id}
      section="diversions"
      head={{ trail }}
    >
      <RefreshOnChange kinds={['diversion', 'run', 'plan', 'policy', 'connection']} />
      <RightsOn footprint={diversion.footprint}>
        {revision === null ? (
          <DraftPage {...{ diversion, slots }} />
        ) : revision.runId === null || revision.runState === null || showsPlan ? (
          <PlanPage
            {...{ diversion, slots }}
            view={await found(getPlan(revision.planId))}
            isRescheduling={asked.reschedule !== undefined}
          />
        ) : (
          <RunPage {...{ slots, connections }} run={await found(getRun(revision.runId))} />
        )}
      </RightsOn>
    </AppShell>
  );
}

async function found<T>(reading: Promise<T | null>): Promise<T> {
  return (await orForbidden(reading)) ?? notFound();
}

async function readActivity(diversion: DiversionView): Promise<ReactNode> {
  const activity = await found(getActivity(diversion.id));
  return (
    <>
      <RecurrencePanel {...{ diversion, setRecurrence, stopRecurrence }} />
      <ActivityPanel activity={activity} />
    </>
  );
}

type PageProps = { readonly diversion: DiversionView; readonly slots: DiversionSlots };

async function DraftPage({ diversion, slots: { notes, commands, tabs, children } }: PageProps) {
  const t = await getTranslations('diversions.page');
  return (
    <PageFrame>
      <PageHeader
        title={diversion.name}
        mark={<StateChip state={diversion.state} hasOutage={false} />}
        facts={notes}
        actions={commands}
      />
      <Banner title={t('draft')} />
      {tabs}
      {children}
    </PageFrame>
  );
}

type PlanPageProps = PageProps & { readonly view: PlanView; readonly isRescheduling: boolean };

async function PlanPage({ diversion, view, isRescheduling, slots }: PlanPageProps) {
  const place = diversion.revisions.findIndex((each) => each.planId === view.id);
  const earlier = diversion.revisions[place + 1];
  const [estate, session, before] = await Promise.all([
    orForbidden(getSnapshot({ connectionId: view.connection.id, others: view.plan.diversion.connections })),
    getSession(),
    earlier && orForbidden(getPlan(earlier.planId)),
  ]);
  const revision = diversion.revisions[place];
  return (
    <PlanReview
      {...slots}
      {...{ view, estate, applyPlan, rescheduleRun, fixPlan, isRescheduling, approvePlan, withdrawApproval }}
      state={revision && <StateChip state={revision.state} hasOutage={revision.hasOutage} />}
      isSuperseded={revision?.state === 'superseded'}
      changes={
        before &&
        earlier && <RevisionDiff plan={view.plan} before={{ plan: before.plan, number: earlier.number }} />
      }
      rehearsals={<RehearsalsPanel planId={view.id} hash={view.hash} startRehearsal={startRehearsal} />}
      approver={session.signIn === 'done' ? session.name : undefined}
      requesting={{ requestApproval, cancelRequest, declinePlan, commentPlan, breakGlass }}
    />
  );
}

type RunPageProps = Pick<PageProps, 'slots'> & {
  readonly run: RunPageView;
  readonly connections: Awaited<ReturnType<typeof listConnections>>;
};

function RunPage({ run, connections, slots }: RunPageProps) {
  return (
    <RunScreen
      {...slots}
      {...{ commandRun, replanRun }}
      initial={run}
      outline={outlineSteps(run.plan)}
      connection={connections.find(({ id }) => id === run.connectionId) ?? null}
    />
  );
}
