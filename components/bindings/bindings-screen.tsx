'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { AppShell } from '@/components/shell/app-shell';
import { NothingRead } from '@/components/shell/nothing-read';
import { useAddressState } from '@/components/shell/use-address-state';
import { Time } from '@/components/ui/time';
import { bindingsQuery } from '@/lib/client/queries';
import type { ConnectionView } from '@/lib/client/views';
import { parseBindingQuery, writeBindingQuery } from '@/lib/estate/bindings/binding-query';
import { BindingsBody } from './bindings-body';

type BindingsScreenProps = {
  readonly connections: readonly ConnectionView[];
  /** One of the connections. */
  readonly connectionId: string;
};

/** The Bindings page: every rule of one connection, and what it is bound to. */
export function BindingsScreen({ connections, connectionId }: BindingsScreenProps) {
  const t = useTranslations('bindings');
  const [query, change] = useAddressState(parseBindingQuery, writeBindingQuery);
  const { data: view, isError } = useQuery(bindingsQuery(connectionId));
  return (
    <AppShell
      connections={connections}
      connectionId={connectionId}
      section="estate"
      tab="bindings"
      head={{
        title: t('title'),
        note: view ? t.rich('note', { time: () => <Time at={view.takenAt} /> }) : null,
      }}
    >
      {view ? (
        <BindingsBody
          view={view}
          connectionId={connectionId}
          query={query}
          onChange={change}
          isStale={isError}
        />
      ) : (
        <NothingRead of="bindings" connectionId={connectionId} isNever={view === null} isError={isError} />
      )}
    </AppShell>
  );
}
