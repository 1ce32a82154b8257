'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { AppShell } from '@/components/shell/app-shell';
import { NothingRead } from '@/components/shell/nothing-read';
import { useAddressState } from '@/components/shell/use-address-state';
import { Time } from '@/components/ui/time';
import { useDebounced } from '@/components/ui/use-debounced';
import { bindingsQuery } from '@/lib/client/queries';
import type { ConnectionView } from '@/lib/client/views';
import { parseBindingQuery, writeBindingQuery } from '@/lib/estate/bindings/binding-query';
import { BindingsBody } from './bindings-body';

type BindingsScreenProps = {
  readonly connections: readonly ConnectionView[];
  /** One of the connections. */
  readonly connectionId: string;
};

/** The pause in typing after which a search is sent. */
const searchMs = 150;

/** The Bindings page: every rule of one connection, and what it is bound to. */
export function BindingsScreen({ connections, connectionId }: BindingsScreenProps) {
  const t = useTranslations('bindings');
  const [query, change] = useAddressState(parseBindingQuery, writeBindingQuery);
  // Typing asks once it pauses.
  const search = useDebounced(query.search, searchMs);
  const asked = useMemo(() => ({ ...query, search }), [query, search]);
  const { data: view, isError } = useQuery(
    bindingsQuery(connectionId, writeBindingQuery(new URLSearchParams(), asked), 0),
  );
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
          asked={asked}
          onChange={change}
          isStale={isError}
        />
      ) : (
        <NothingRead of="bindings" connectionId={connectionId} isNever={view === null} isError={isError} />
      )}
    </AppShell>
  );
}
