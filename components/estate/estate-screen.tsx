'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { RefreshCw } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { AppShell } from '@/components/shell/app-shell';
import { type PageAction, usePageActions } from '@/components/shell/palette/page-actions';
import { ReadOnlyNote } from '@/components/shell/read-only-note';
import { useAddressState } from '@/components/shell/use-address-state';
import { Button } from '@/components/ui/button';
import { classes } from '@/components/ui/classes';
import { formatAge } from '@/components/ui/format-time';
import { LiveRegion } from '@/components/ui/live-region';
import { Time } from '@/components/ui/time';
import { useMessage } from '@/components/ui/use-message';
import { useNow } from '@/components/ui/use-now';
import { checkAnswer } from '@/lib/client/check-answer';
import { estateSummaryQuery } from '@/lib/client/editor-queries';
import { queryKeys } from '@/lib/client/queries';
import { RightsOn, useMay } from '@/lib/client/session/rights';
import type { ConnectionView, StartSyncAction, SyncView } from '@/lib/contract/connection';
import type { EstateSummaryView } from '@/lib/contract/estate';
import { invariant } from '@/lib/invariant';
import { EstateBody } from './estate-body';
import { EstateEmpty } from './estate-empty';
import { EstateFigures } from './estate-figures';
import { EstateNotices } from './estate-notices';
import { PastEstate } from './past-estate';
import { parseViewState, writeViewState } from './view-state';

type Sync = {
  readonly view: EstateSummaryView;
  readonly starting: boolean;
  /** The reason why a Refresh or a live read failed; null = none. */
  readonly problem: string | null;
  readonly refresh: () => void;
};

/** Returns a key that identifies a sync. */
function syncSignature({ sync }: EstateSummaryView): string {
  if (sync.state === 'never') return sync.state;
  return sync.state === 'running' ? `running ${sync.startedAt}` : sync.finishedAt;
}

/** Provides the server's current estate of a connection, and an action that starts a sync. */
function useSync(connectionId: string, initial: EstateSummaryView, startSync: StartSyncAction): Sync {
  const t = useTranslations('estate');
  const message = useMessage('ui.refusal');
  const client = useQueryClient();
  // The previous sync: until a new one replaces it, the worker has not started the requested one.
  const [replaced, setReplaced] = useState<string | null>(null);
  const options = estateSummaryQuery(connectionId, replaced !== null);
  const query = useQuery({ ...options, initialData: initial });
  if (replaced !== null && replaced !== syncSignature(query.data)) setReplaced(null);
  const start = useMutation({
    mutationFn: () => checkAnswer(startSync(connectionId)),
    onMutate: () => setReplaced(syncSignature(query.data)),
    onSuccess: (answer) => {
      if (!answer.ok) setReplaced(null);
    },
    onError: () => setReplaced(null),
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.estate(connectionId) }),
  });

  return {
    view: query.data,
    starting: start.isPending || replaced !== null,
    problem: problem(),
    refresh: () => start.mutate(),
  };

  function problem(): string | null {
    if (start.isError) return t('startFailed');
    if (start.data?.ok === false) {
      const form = start.data.error.form;
      if (form === null) return t('startFailed');
      return message(form.message, form.values);
    }
    return query.isError ? t('readFailed') : null;
  }
}

type EstateScreenProps = {
  readonly connections: readonly ConnectionView[];
  /** One of the connections. */
  readonly connectionId: string;
  readonly initial: EstateSummaryView;
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
  const footprint = { connections: [connectionId], regions: [], domains: [] };
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
          <RightsOn footprint={footprint}>
            <SyncButton
              sync={sync}
              takenAt={estate?.takenAt ?? null}
              starting={starting}
              onRefresh={refresh}
            />
          </RightsOn>
        )
      }
    >
      <LiveRegion message={t(`announce.${sync.state}`)} />
      <RightsOn footprint={footprint}>
        {estate === null ? (
          <EstateEmpty
            name={connection.name}
            sync={sync}
            starting={starting}
            problem={problem}
            onRefresh={refresh}
          />
        ) : (
          <div
            className={classes(
              'flex min-h-0 flex-1 flex-col',
              // The map fills the screen; the list scrolls with the page.
              state.view === 'graph' && 'xl:h-[calc(100vh-3rem)] xl:flex-none',
            )}
          >
            <ReadOnlyNote />
            {state.at === null ? (
              <>
                <EstateFigures estate={estate} sync={sync} />
                <EstateNotices
                  name={connection.name}
                  estate={estate}
                  sync={sync}
                  problem={problem}
                  onRefresh={refresh}
                />
                <EstateBody
                  estate={estate}
                  version={{ version: `${estate.takenAt} ${estate.partsAt}`, at: null }}
                  connection={connection}
                  state={state}
                  onChange={change}
                />
              </>
            ) : (
              <PastEstate connection={connection} at={state.at} state={state} onChange={change} />
            )}
          </div>
        )}
      </RightsOn>
    </AppShell>
  );
}

type SyncButtonProps = {
  readonly sync: SyncView;
  /** The time of the displayed snapshot; null = none yet. */
  readonly takenAt: string | null;
  /** True while the request to start is pending. */
  readonly starting: boolean;
  readonly onRefresh: () => void;
};

/** Starts a sync, and shows the age of the estate or the progress of the sync. */
function SyncButton({ sync, takenAt, starting, onRefresh }: SyncButtonProps) {
  const t = useTranslations('estate');
  const now = useNow(1000);
  const maySync = useMay('operate');
  const running = starting || sync.state === 'running';
  const progress = sync.state === 'running' ? sync.progress : null;
  const syncAction: PageAction = {
    id: 'sync',
    label: t('refresh'),
    whyNot: running ? t('isSyncing') : null,
    act: onRefresh,
  };
  usePageActions(maySync ? [syncAction] : []);
  const age = takenAt !== null && now !== null ? formatAge(now - Date.parse(takenAt)) : null;
  return (
    <div className="flex items-center gap-2">
      <span className="text-12 whitespace-nowrap text-ink-2 tabular-nums max-xl:hidden">
        {running
          ? progress === null
            ? t('syncing')
            : t('syncingPart', { done: progress.done, total: progress.total })
          : age === null
            ? null
            : t('syncedAgo', { age })}
      </span>
      {maySync ? (
        <Button
          variant="ghost"
          icon={<RefreshCw aria-hidden />}
          busy={running}
          onClick={onRefresh}
          className="max-md:hidden"
        >
          {t('refresh')}
        </Button>
      ) : null}
    </div>
  );
}
