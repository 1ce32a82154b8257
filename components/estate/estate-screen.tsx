'use client';

import { useTranslations } from 'next-intl';
import { AppShell } from '@/components/shell/app-shell';
import { ReadOnlyNote } from '@/components/shell/read-only-note';
import { useAddressState } from '@/components/shell/use-address-state';
import { LiveRegion } from '@/components/ui/live-region';
import { Time } from '@/components/ui/time';
import type { StartSyncAction } from '@/lib/client/actions';
import type { ConnectionView, EstateView } from '@/lib/client/views';
import { invariant } from '@/lib/invariant';
import { EstateBody } from './estate-body';
import { EstateEmpty } from './estate-empty';
import { EstateFigures } from './estate-figures';
import { EstateNotices } from './estate-notices';
import { PastEstate } from './past-estate';
import { SyncButton } from './sync-button';
import { useSync } from './use-sync';
import { parseViewState, writeViewState } from './view-state';

type EstateScreenProps = {
  readonly connections: readonly ConnectionView[];
  /** One of the connections. */
  readonly connectionId: string;
  readonly initial: EstateView;
  readonly startSync: StartSyncAction;
};

/** The Estate page: the full snapshot of one connection, with its time. */
export function EstateScreen({ connections, connectionId, initial, startSync }: EstateScreenProps) {
  const t = useTranslations('estate');
  const connection = connections.find(({ id }) => id === connectionId);
  invariant(connection, `the estate page has connection ${connectionId}`);
  const [state, change] = useAddressState(parseViewState, writeViewState);
  const { view, starting, problem, refresh } = useSync(connectionId, initial, startSync);
  const { estate, sync } = view;
  return (
    <AppShell
      connections={connections}
      connectionId={connectionId}
      section="estate"
      head={{
        title: t('title'),
        note:
          estate && state.at === null ? t.rich('note', { time: () => <Time at={estate.takenAt} /> }) : null,
      }}
      actions={
        state.at !== null ? null : (
          <SyncButton sync={sync} takenAt={estate?.takenAt ?? null} starting={starting} onRefresh={refresh} />
        )
      }
    >
      <LiveRegion message={t(`announce.${sync.state}`)} />
      {estate === null ? (
        <EstateEmpty sync={sync} starting={starting} problem={problem} onRefresh={refresh} />
      ) : (
        <div className="flex min-h-0 flex-1 flex-col xl:h-[calc(100vh-3rem)] xl:flex-none">
          <ReadOnlyNote />
          {state.at === null ? (
            <>
              <EstateFigures estate={estate} sync={sync} />
              <EstateNotices estate={estate} sync={sync} problem={problem} onRefresh={refresh} />
              <EstateBody estate={estate} connection={connection} state={state} onChange={change} />
            </>
          ) : (
            <PastEstate connection={connection} at={state.at} state={state} onChange={change} />
          )}
        </div>
      )}
    </AppShell>
  );
}
