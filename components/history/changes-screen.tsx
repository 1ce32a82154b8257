'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { AppShell } from '@/components/shell/app-shell';
import { NothingRead } from '@/components/shell/nothing-read';
import { useAddressState } from '@/components/shell/use-address-state';
import { PageFrame } from '@/components/ui/page-header';
import { changesQuery } from '@/lib/client/queries';
import type { ConnectionView } from '@/lib/client/views';
import { ChangesBody } from './changes-body';
import { parseChangesState, writeChangesState } from './changes-state';
import { ChangesToolbar } from './changes-toolbar';

type ChangesScreenProps = {
  readonly connections: readonly ConnectionView[];
  readonly connection: ConnectionView;
};

/** The Changes page: the difference of any two moments of one connection. */
export function ChangesScreen({ connections, connection }: ChangesScreenProps) {
  const t = useTranslations('history');
  const [state, change] = useAddressState(parseChangesState, writeChangesState);
  const { from, to } = state;
  const { data: view, isError } = useQuery(changesQuery(connection.id, { from, to }));
  return (
    <AppShell
      connections={connections}
      connectionId={connection.id}
      section="changes"
      head={{ title: t('title'), note: t('note', { connection: connection.name }) }}
    >
      <PageFrame>
        <ChangesToolbar state={state} onChange={change} />
        {view ? (
          <ChangesBody
            view={view}
            connectionId={connection.id}
            state={state}
            onChange={change}
            isStale={isError}
          />
        ) : (
          <NothingRead of="history" connectionId={connection.id} isNever={view === null} isError={isError} />
        )}
      </PageFrame>
    </AppShell>
  );
}
