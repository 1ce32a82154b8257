'use client';

import { useQuery } from '@tanstack/react-query';
import { KeyRound, Pencil, PlugZap, Plus, Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { useAction } from '@/components/shell/use-action';
import { AddMessages } from '@/components/ui/base/add-messages';
import { Button, IconButton } from '@/components/ui/button';
import { Chip, Status } from '@/components/ui/chip';
import { Panel } from '@/components/ui/panel';
import { type Column, DataTable } from '@/components/ui/tables/data-table';
import type {
  AddConnectionAction,
  ChangeConnectionAction,
  ConnectionSettingsList,
  ConnectionSettingsView,
  RemoveConnectionAction,
  RotateConnectionKeysAction,
  TestConnectionAction,
} from '@/lib/client/connections/connection-views';
import connections from '@/lib/messages/en/parts/connections.json';
import { AccessTable } from './access-table';
import { AddConnection, ChangeConnection, RemoveConnection, RotateKeys } from './connection-form';
import { connectionSettingsQuery } from './connections-query';

const texts = { connections };

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

/** The connected accounts, and those that administrators add. Only they see it. */
export function ConnectionsPanel(props: ConnectionsPanelProps) {
  return (
    <AddMessages texts={texts}>
      <Connections {...props} />
    </AddMessages>
  );
}

type Asked = {
  readonly id: string;
  readonly to: 'change' | 'rotate' | 'remove';
  /** Another number gives the dialog fresh fields: a closed one keeps no key. */
  readonly count: number;
  readonly isOpen: boolean;
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

function Connections(props: ConnectionsPanelProps) {
  const { initial, addConnection, changeConnection, rotateKeys, testConnection, removeConnection } = props;
  const t = useTranslations('connections');
  const { data, refetch } = useQuery({ ...connectionSettingsQuery(), initialData: initial });
  const reread = () => void refetch();
  useUsable(data, props.onChanged);
  const [form, setForm] = useState({ count: 0, isOpen: false });
  const [asked, setAsked] = useState<Asked | null>(null);
  // The connection whose test is shown.
  const [shownId, setShownId] = useState<string | null>(null);
  const test = useAction(testConnection, reread);
  const ask = (id: string, to: Asked['to']) =>
    setAsked((now) => ({ id, to, count: (now?.count ?? 0) + 1, isOpen: true }));
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
      cell: ({ id, name, added }) => (
        <span className="flex justify-end gap-1">
          <IconButton
            size="sm"
            label={t('testOf', { name })}
            icon={<PlugZap aria-hidden />}
            onClick={() => {
              setShownId(id);
              test.send({ id });
            }}
          />
          {added === null ? null : (
            <>
              <IconButton
                size="sm"
                label={t('change', { name })}
                icon={<Pencil aria-hidden />}
                onClick={() => ask(id, 'change')}
              />
              <IconButton
                size="sm"
                label={t('rotate', { name })}
                icon={<KeyRound aria-hidden />}
                onClick={() => ask(id, 'rotate')}
              />
              <IconButton
                size="sm"
                label={t('remove', { name })}
                icon={<Trash2 aria-hidden />}
                onClick={() => ask(id, 'remove')}
              />
            </>
          )}
        </span>
      ),
    },
  ];
  const chosen = data.connections.find(({ id }) => id === asked?.id);
  const shown = data.connections.find(({ id }) => id === shownId);
  const close = () => setAsked((now) => now && { ...now, isOpen: false });
  const dialog = asked !== null &&
    chosen !== undefined && { connection: chosen, isOpen: asked.isOpen, onClose: close, onChanged: reread };
  const dialogKey = `${asked?.id} ${asked?.count}`;
  return (
    <Panel title={t('title')}>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <p className="text-12 text-ink-2">{t('about')}</p>
        <DataTable
          label={t('title')}
          columns={columns}
          rows={data.connections}
          rowKey={({ id }) => id}
          none={t('none')}
        />
        <ActionFailure action={test} />
        <div>
          <Button
            icon={<Plus aria-hidden />}
            onClick={() => setForm(({ count }) => ({ count: count + 1, isOpen: true }))}
          >
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
          key={`add ${form.count}`}
          hasSandbox={data.hasSandbox}
          addConnection={addConnection}
          isOpen={form.isOpen}
          onClose={() => setForm(({ count }) => ({ count: count + 1, isOpen: false }))}
          onAdded={(id) => {
            setShownId(id);
            reread();
          }}
        />
        {dialog !== false && asked?.to === 'change' ? (
          <ChangeConnection key={dialogKey} {...dialog} changeConnection={changeConnection} />
        ) : null}
        {dialog !== false && asked?.to === 'rotate' ? (
          <RotateKeys
            key={dialogKey}
            {...dialog}
            rotateKeys={rotateKeys}
            onChanged={() => {
              setShownId(dialog.connection.id);
              reread();
            }}
          />
        ) : null}
        {dialog !== false && asked?.to === 'remove' ? (
          <RemoveConnection key={dialogKey} {...dialog} removeConnection={removeConnection} />
        ) : null}
      </div>
    </Panel>
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
          : t('keyEnds', {
              read: added.readKeyEnd,
              write: added.writeKeyEnd ?? 'none',
              actor: added.changedBy,
            })}
      </span>
    </span>
  );
}
