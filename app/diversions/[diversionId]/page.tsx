import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { orForbidden } from '@/app/or-forbidden';
import { ActivityPanel } from '@/components/diversions/activity-panel';
import { DiversionBar } from '@/components/diversions/diversion-bar';
import { RecurrencePanel } from '@/components/diversions/recurrence-panel';
import { AppShell } from '@/components/shell/app-shell';
import { RefreshOnChange } from '@/components/shell/refresh-on-change';
import { Banner } from '@/components/ui/banner';
import { PageFrame, PageHeader } from '@/components/ui/page-header';
import { TextLink } from '@/components/ui/text-link';
import { RightsOn } from '@/lib/client/session/rights';
import { routes } from '@/lib/routes';
import { listConnections } from '@/lib/server/connections/list-connections';
import {
  discardDiversion,
  duplicateDiversion,
  restoreDiversion,
} from '@/lib/server/diversions/change-diversions';
import { getActivity } from '@/lib/server/diversions/get-activity';
import { getDiversion } from '@/lib/server/diversions/get-diversion';
import { setRecurrence, stopRecurrence } from '@/lib/server/recurrences/change-recurrence';
import { cancelSchedule } from '@/lib/server/runs/change-schedule';

type Props = { readonly params: Promise<{ diversionId: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).diversionId };
}

export default async function DiversionPage({ params }: Props) {
  const { diversionId } = await params;
  const [diversion, activity, connections, t] = await Promise.all([
    orForbidden(getDiversion(diversionId)),
    orForbidden(getActivity(diversionId)),
    listConnections(),
    getTranslations(),
  ]);
  if (diversion === null || activity === null) notFound();
  const trail = [
    { label: t('shell.section.diversions'), href: routes.diversions() },
    { label: diversion.id },
  ];
  return (
    <AppShell
      connections={connections}
      connectionId={diversion.connection.id}
      section="diversions"
      head={{ trail }}
    >
      <RefreshOnChange kinds={['diversion', 'run', 'plan', 'policy', 'connection']} />
      <RightsOn footprint={diversion.footprint}>
        <DiversionBar
          diversion={diversion}
          tab="activity"
          revision={diversion.current}
          duplicateDiversion={duplicateDiversion}
          discardDiversion={discardDiversion}
          restoreDiversion={restoreDiversion}
          cancelSchedule={cancelSchedule}
        />
        <PageFrame>
          <PageHeader
            title={diversion.name}
            sub={
              diversion.current === null ? null : (
                <TextLink
                  href={routes.capacity(diversion.current.planId)}
                  prefetch={false}
                  className="text-12"
                >
                  {t('diversions.page.capacity')}
                </TextLink>
              )
            }
          />
          {diversion.current === null ? <Banner title={t('diversions.page.draft')} /> : null}
          <RecurrencePanel {...{ diversion, setRecurrence, stopRecurrence }} />
          <ActivityPanel activity={activity} />
        </PageFrame>
      </RightsOn>
    </AppShell>
  );
}
