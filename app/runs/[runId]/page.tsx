import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { RunScreen } from '@/components/run/screen/run-screen';
import { AppShell } from '@/components/shell/app-shell';
import { routes } from '@/lib/routes';
import { listConnections } from '@/lib/server/connections/list-connections';
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
    getRun(runId),
    listConnections(),
    getTranslations('shell'),
  ]);
  if (run === null) notFound();
  const trail = [{ label: t('section.runs'), href: routes.runs() }, { label: run.id }];
  return (
    <AppShell connections={connections} connectionId={run.connectionId} section="runs" head={{ trail }}>
      <RunScreen
        initial={run}
        connection={connections.find(({ id }) => id === run.connectionId) ?? null}
        commandRun={commandRun}
        replanRun={replanRun}
      />
    </AppShell>
  );
}
