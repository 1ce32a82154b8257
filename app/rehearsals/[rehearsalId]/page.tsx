import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { orForbidden } from '@/app/or-forbidden';
import { RehearsalScreen } from '@/components/rehearsal/rehearsal-screen';
import { AppShell } from '@/components/shell/app-shell';
import { RightsOn } from '@/lib/client/session/rights';
import { routes } from '@/lib/routes';
import { listConnections } from '@/lib/server/connections/list-connections';
import { getDiversion } from '@/lib/server/diversions/get-diversion';
import { cancelRehearsal } from '@/lib/server/rehearsals/cancel-rehearsal';
import { getRehearsal } from '@/lib/server/rehearsals/get-rehearsal';
import { startRehearsal } from '@/lib/server/rehearsals/start-rehearsal';

type Props = { readonly params: Promise<{ rehearsalId: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).rehearsalId };
}

export default async function RehearsalPage({ params }: Props) {
  const { rehearsalId } = await params;
  const [view, connections, t] = await Promise.all([
    orForbidden(getRehearsal(rehearsalId)),
    listConnections(),
    getTranslations('shell'),
  ]);
  if (view === null) notFound();
  const diversion = await orForbidden(getDiversion(view.diversionId));
  if (diversion === null) notFound();
  const trail = [
    { label: t('section.diversions'), href: routes.diversions() },
    { label: diversion.id, href: routes.diversion(diversion.id) },
    { label: view.planId, href: routes.plan(view.planId) },
    { label: view.id },
  ];
  return (
    <AppShell
      connections={connections}
      connectionId={diversion.connection.id}
      section="diversions"
      head={{ trail }}
    >
      <RightsOn footprint={diversion.footprint}>
        <RehearsalScreen initial={view} startRehearsal={startRehearsal} cancelRehearsal={cancelRehearsal} />
      </RightsOn>
    </AppShell>
  );
}
