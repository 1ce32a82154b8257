import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { orForbidden } from '@/app/or-forbidden';
import { DiversionBar } from '@/components/diversions/diversion-bar';
import { outlineSteps } from '@/components/run/screen/outline-steps';
import { RunScreen } from '@/components/run/screen/run-screen';
import { AppShell } from '@/components/shell/app-shell';
import { RefreshOnChange } from '@/components/shell/refresh-on-change';
import { RightsOn } from '@/lib/client/session/rights';
import { routes } from '@/lib/routes';
import { listConnections } from '@/lib/server/connections/list-connections';
import {
  discardDiversion,
  duplicateDiversion,
  restoreDiversion,
} from '@/lib/server/diversions/change-diversions';
import { getDiversion } from '@/lib/server/diversions/get-diversion';
import { cancelSchedule } from '@/lib/server/runs/change-schedule';
import { commandRun } from '@/lib/server/runs/command-run';
import { getRun } from '@/lib/server/runs/get-run';
import { replanRun } from '@/lib/server/runs/replan-run';

type Props = { readonly params: Promise<{ runId: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).runId };
}

export default async function RunPage({ params }: Props) {
  const { runId } = await params;
  const [run, connections, t] = await Promise.all([
    orForbidden(getRun(runId)),
    listConnections(),
    getTranslations('shell'),
  ]);
  if (run === null) notFound();
  const diversion = await orForbidden(getDiversion(run.diversionId));
  if (diversion === null) notFound();
  const trail = [
    { label: t('section.diversions'), href: routes.diversions() },
    { label: diversion.id, href: routes.diversion(diversion.id) },
    { label: run.id },
  ];
  return (
    <AppShell connections={connections} connectionId={run.connectionId} section="diversions" head={{ trail }}>
      <RefreshOnChange kinds={['diversion', 'run', 'connection']} />
      <RightsOn footprint={diversion.footprint}>
        <DiversionBar
          diversion={diversion}
          tab="run"
          revision={diversion.revisions.find((each) => each.runId === run.id) ?? null}
          duplicateDiversion={duplicateDiversion}
          discardDiversion={discardDiversion}
          restoreDiversion={restoreDiversion}
          cancelSchedule={cancelSchedule}
        />
        <RunScreen
          initial={run}
          outline={outlineSteps(run.plan)}
          connection={connections.find(({ id }) => id === run.connectionId) ?? null}
          commandRun={commandRun}
          replanRun={replanRun}
        />
      </RightsOn>
    </AppShell>
  );
}
