'use client';

import { useQuery } from '@tanstack/react-query';
import { KeyRound, Pencil, PlugZap, Plus, Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { ConfirmAction } from '@/components/shell/dialogs/confirm-action';
import { useDialog } from '@/components/shell/dialogs/use-dialog';
import { useAction } from '@/components/shell/use-action';
import { Person } from '@/components/ui/base/person';
import { Button, IconButton } from '@/components/ui/button';
import { Chip, Status } from '@/components/ui/chip';
import type { Column } from '@/components/ui/tables/data-table';
import { TablePanel } from '@/components/ui/tables/table-panel';
import { read } from '@/lib/client/fetch-json';
import { fastMs, slowMs } from '@/lib/client/queries';
import type {
  AddConnectionAction,
  ChangeConnectionAction,
  ConnectionSettingsList,
  ConnectionSettingsView,
  RemoveConnectionAction,
  RotateConnectionKeysAction,
  TestConnectionAction,
} from '@/lib/contract/connection';
import { AccessTable } from './access-table';
import { AddConnection, ChangeConnection, RotateKeys } from './connection-form';

/** Returns whether a worker is about to change what is shown of a connection. */
function isPending({ added, problem, test }: ConnectionSettingsView): boolean {
  return (added?.isVerified === false && problem === null) || (test !== null && test.finishedAt === null);
}

export type ConnectionsPanelProps = {
  readonly initial: ConnectionSettingsList;
  readonly addConnection: AddConnectionAction;
  readonly changeConnection: ChangeConnectionAction;
  readonly rotateKeys: RotateConnectionKeysAction;
  readonly testConnection: TestConnectionAction;
  readonly removeConnection: RemoveConnectionAction;
  /** Called when other accounts can be used than before. */
  readonly onChanged: () => void;
};

function describeState({ isConnected, problem }: ConnectionSettingsView) {
  if (problem !== null)
    return isConnected
      ? ({ tone: 'warn', state: 'oldKeys' } as const)
      : ({ tone: 'bad', state: 'problem' } as const);
  return isConnected
    ? ({ tone: 'ok', state: 'connected' } as const)
    : ({ tone: 'warn', state: 'waiting' } as const);
}

/** The connected accounts, and those that administrators add. Only they see it. */
export function ConnectionsPanel(props: ConnectionsPanelProps) {
  const { initial, addConnection, changeConnection, rotateKeys, testConnection, removeConnection } = props;
  const t = useTranslations('connections');
  const { data, refetch } = useQuery({
    queryKey: ['connectionSettings'],
    queryFn: ({ signal }) => read('connection.listSettings', undefined, signal),
    refetchInterval: (query) => (query.state.data?.connections.some(isPending) ? fastMs : slowMs),
    initialData: initial,
  });
  const reread = () => void refetch();
  useUsable(data, props.onChanged);
  const addition = useDialog<null>();
  const change = useDialog<ConnectionSettingsView>();
  const rotation = useDialog<ConnectionSettingsView>();
  const rotated = rotation.subject;
  const removal = useDialog<ConnectionSettingsView>();
  // The connection whose test is shown.
  const [shownId, setShownId] = useState<string | null>(null);
  const test = useAction(testConnection, reread);
  const columns: readonly Column<ConnectionSettingsView>[] = [
    { name: t('name'), cell: (connection) => <Identity connection={connection} /> },
    {
      name: t('state.label'),
      cell: (connection) => {
        const { tone, state } = describeState(connection);
        return (
          <span className="grid min-w-0 gap-0.5">
            <Status tone={tone}>{t(`state.${state}`)}</Status>
            {connection.problem === null ? null : (
              <span className="text-12 break-words text-ink-2">{connection.problem}</span>
            )}
          </span>
        );
      },
    },
    {
      name: '',
      card: 'none',
      cell: (connection) => (
        <span className="flex justify-end gap-1">
          <IconButton
            size="sm"
            label={t('testOf', { name: connection.name })}
            icon={<PlugZap aria-hidden />}
            onClick={() => {
              setShownId(connection.id);
              test.send({ id: connection.id });
            }}
          />
          {connection.added === null ? null : (
            <>
              <IconButton
                size="sm"
                label={t('change', { name: connection.name })}
                icon={<Pencil aria-hidden />}
                onClick={() => change.open(connection)}
              />
              <IconButton
                size="sm"
                label={t('rotate', { name: connection.name })}
                icon={<KeyRound aria-hidden />}
                onClick={() => rotation.open(connection)}
              />
              <IconButton
                size="sm"
                label={t('remove', { name: connection.name })}
                icon={<Trash2 aria-hidden />}
                onClick={() => removal.open(connection)}
              />
            </>
          )}
        </span>
      ),
    },
  ];
  const shown = data.connections.find(({ id }) => id === shownId);
  return (
    <TablePanel
      title={t('title')}
      about={t('about')}
      none={t('none')}
      columns={columns}
      rows={data.connections}
      rowKey={({ id }) => id}
    >
      <ActionFailure action={test} />
      <div className="max-md:hidden">
        <Button icon={<Plus aria-hidden />} onClick={() => addition.open(null)}>
          {t('add')}
        </Button>
      </div>
      {shown === undefined ? null : (
        <section className="grid min-w-0 gap-2" aria-label={t('test.title', { name: shown.name })}>
          <h3 className="text-12 font-semibold">{t('test.title', { name: shown.name })}</h3>
          <AccessTable connection={shown} />
        </section>
      )}
      <AddConnection
        key={`add ${addition.key}`}
        hasSandbox={data.hasSandbox}
        addConnection={addConnection}
        isOpen={addition.isOpen}
        onClose={addition.discard}
        onAdded={(id) => {
          setShownId(id);
          reread();
        }}
      />
      {change.subject === null ? null : (
        <ChangeConnection
          key={`change ${change.key}`}
          connection={change.subject}
          isOpen={change.isOpen}
          onClose={change.close}
          onChanged={reread}
          changeConnection={changeConnection}
        />
      )}
      {rotated === null ? null : (
        <RotateKeys
          key={`rotate ${rotation.key}`}
          connection={rotated}
          isOpen={rotation.isOpen}
          onClose={rotation.discard}
          rotateKeys={rotateKeys}
          onChanged={() => {
            setShownId(rotated.id);
            reread();
          }}
        />
      )}
      <ConfirmAction
        dialog={removal}
        title={({ name }) => t('removeTitle', { name })}
        text={t('removeText')}
        confirmLabel={t('removeNow')}
        cancelLabel={t('keep')}
        action={removeConnection}
        input={({ id }) => ({ id })}
        onDone={reread}
      />
    </TablePanel>
  );
}

/** Calls back when the connections that can be used change: pages list them. */
function useUsable({ connections: all }: ConnectionSettingsList, onChanged: () => void): void {
  const usable = all.flatMap(({ id, name, isConnected }) => (isConnected ? `${id} ${name}` : [])).join();
  const last = useRef(usable);
  useEffect(() => {
    if (last.current === usable) return;
    last.current = usable;
    onChanged();
  }, [usable, onChanged]);
}

/** The name of a connection, its account, and where its keys come from. */
function Identity({ connection }: { readonly connection: ConnectionSettingsView }) {
  const t = useTranslations('connections');
  const { name, kind, uin, added } = connection;
  return (
    <span className="grid min-w-0">
      <span className="font-semibold">
        {name} {added?.writes === 'none' ? <Chip>{t('readOnly')}</Chip> : null}
      </span>
      <span className="break-all text-ink-2">
        {t(`kind.${kind}`)}
        {uin === null ? null : ` · ${uin}`}
      </span>
      <span className="text-12 text-ink-2">
        {added === null
          ? t('fromSettings')
          : t.rich('keyEnds', {
              read: added.readKeyEnd,
              write: added.writeKeyEnd ?? 'none',
              actor: () => <Person address={added.changedBy} />,
            })}
      </span>
    </span>
  );
}
