'use client';

import { useQuery } from '@tanstack/react-query';
import { CloudOff, Plug } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { AppShell } from '@/components/shell/app-shell';
import { ReadOnlyNote } from '@/components/shell/read-only-note';
import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { LiveRegion } from '@/components/ui/live-region';
import { Page } from '@/components/ui/page-header';
import { Skeleton } from '@/components/ui/skeleton';
import { driftQuery } from '@/lib/client/queries';
import type { ConnectionView } from '@/lib/client/views';
import { routes } from '@/lib/routes';
import type { DriftActions } from './drift-actions';
import { DriftBody } from './drift-body';

type DriftScreenProps = {
  readonly connections: readonly ConnectionView[];
  readonly connection: ConnectionView;
  readonly actions: DriftActions;
};

/** The Drift page: what in one connection is not as the last applied plan left it. */
export function DriftScreen({ connections, connection, actions }: DriftScreenProps) {
  const t = useTranslations('drift');
  const { data: view, isError } = useQuery(driftQuery(connection.id));
  return (
    <AppShell
      connections={connections}
      connectionId={connection.id}
      section="estate"
      opens="drift"
      head={{ title: t('title'), note: t('note', { connection: connection.name }) }}
    >
      <LiveRegion message={view ? t('announce', { drifted: view.drifted.length }) : ''} />
      <ReadOnlyNote />
      <Page>
        {view ? (
          <DriftBody view={view} connection={connection} actions={actions} isStale={isError} />
        ) : view === null ? (
          <EmptyState
            icon={<Plug aria-hidden />}
            title={t('never.title')}
            actions={<ButtonLink href={routes.estate(connection.id)}>{t('never.action')}</ButtonLink>}
          >
            {t('never.text')}
          </EmptyState>
        ) : isError ? (
          <div role="alert">
            <EmptyState icon={<CloudOff aria-hidden />} title={t('failed')} />
          </div>
        ) : (
          <div className="grid gap-3" aria-busy>
            <p className="text-12 text-ink-2">{t('loading')}</p>
            <Skeleton className="h-24" />
            <Skeleton className="h-24" />
          </div>
        )}
      </Page>
    </AppShell>
  );
}
