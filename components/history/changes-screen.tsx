'use client';

import { useQuery } from '@tanstack/react-query';
import { CloudOff, Plug } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRef } from 'react';
import { AppShell } from '@/components/shell/app-shell';
import { useAddressState } from '@/components/shell/use-address-state';
import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { Page } from '@/components/ui/page-header';
import { Skeleton } from '@/components/ui/skeleton';
import { useShortcuts } from '@/components/ui/use-shortcuts';
import { changesQuery } from '@/lib/client/queries';
import type { ConnectionView } from '@/lib/client/views';
import { routes } from '@/lib/routes';
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
  const searchRef = useRef<HTMLInputElement>(null);
  useShortcuts({ '/': () => searchRef.current?.focus() });
  return (
    <AppShell
      connections={connections}
      connectionId={connection.id}
      section="changes"
      head={{ title: t('title'), note: t('note', { connection: connection.name }) }}
    >
      <Page>
        <ChangesToolbar state={state} onChange={change} searchRef={searchRef} />
        {view ? (
          <ChangesBody
            view={view}
            connectionId={connection.id}
            state={state}
            onChange={change}
            isStale={isError}
          />
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
