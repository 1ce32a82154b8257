'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { AppShell } from '@/components/shell/app-shell';
import { NothingRead } from '@/components/shell/nothing-read';
import { ReadOnlyNote } from '@/components/shell/read-only-note';
import { LiveRegion } from '@/components/ui/live-region';
import { PageFrame } from '@/components/ui/page-header';
import { driftQuery } from '@/lib/client/estate-queries';
import type { ConnectionView } from '@/lib/contract/connection';
import type { DriftActions } from '@/lib/contract/drift';
import { DriftBody } from './drift-body';

type DriftScreenProps = {
  readonly connections: readonly ConnectionView[];
  readonly connection: ConnectionView;
  readonly actions: DriftActions;
};

/** The Drift page: the objects of one connection that differ from the baseline of the last applied plan. */
export function DriftScreen({ connections, connection, actions }: DriftScreenProps) {
  const t = useTranslations('drift');
  const { data: view, isError } = useQuery(driftQuery(connection.id));
  return (
    <AppShell
      connections={connections}
      connectionId={connection.id}
      section="estate"
      tab="drift"
      head={{ title: t('title'), note: t('note', { connection: connection.name }) }}
    >
      <LiveRegion message={view ? t('announce', { drifted: view.drifted.length }) : ''} />
      <ReadOnlyNote />
      <PageFrame>
        {view ? (
          <DriftBody view={view} connection={connection} actions={actions} isStale={isError} />
        ) : (
          <NothingRead of="drift" connectionId={connection.id} isNever={view === null} isError={isError} />
        )}
      </PageFrame>
    </AppShell>
  );
}
