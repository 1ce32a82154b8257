'use client';

import { useQuery } from '@tanstack/react-query';
import { BellPlus, Pencil, Send, Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { ActionFailure } from '@/components/shell/action-failure';
import { ConfirmAction } from '@/components/shell/dialogs/confirm-action';
import { useDialog } from '@/components/shell/dialogs/use-dialog';
import { useAction } from '@/components/shell/use-action';
import { Button, IconButton } from '@/components/ui/button';
import { Status } from '@/components/ui/chip';
import { type Column, DataTable } from '@/components/ui/tables/data-table';
import { TablePanel } from '@/components/ui/tables/table-panel';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import { read } from '@/lib/client/fetch-json';
import { fastMs, slowMs } from '@/lib/client/queries';
import { useMay } from '@/lib/client/session/rights';
import type {
  AddAlertChannelAction,
  AlertChannelsView,
  AlertChannelView,
  AlertDeliveryView,
  ChangeAlertChannelAction,
  RemoveAlertChannelAction,
  TestAlertChannelAction,
} from '@/lib/contract/alert';
import type { ConnectionChoice } from '@/lib/contract/connection';
import { AddChannel, ChangeChannel } from './channel-form';
import { useConnectionName } from './connections/connection-options';

export type AlertsPanelProps = {
  readonly initial: AlertChannelsView;
  readonly connections: readonly ConnectionChoice[];
  readonly addChannel: AddAlertChannelAction;
  readonly changeChannel: ChangeAlertChannelAction;
  readonly removeChannel: RemoveAlertChannelAction;
  readonly testChannel: TestAlertChannelAction;
};

/** The channels that alerts are sent to, and the log of deliveries. */
export function AlertsPanel(props: AlertsPanelProps) {
  const { initial, connections, addChannel, changeChannel, removeChannel, testChannel } = props;
  const t = useTranslations('alerts');
  const { data, refetch } = useQuery({
    queryKey: ['alertChannels'],
    queryFn: ({ signal }) => read('alertChannel.list', undefined, signal),
    // Nothing pushes deliveries.
    refetchInterval: (query) =>
      query.state.data?.deliveries.some(({ delivery }) => delivery === 'waiting') ? fastMs : slowMs,
    initialData: initial,
  });
  const mayConfigure = useMay('configure');
  const onChanged = () => void refetch();
  const addition = useDialog<null>();
  const change = useDialog<AlertChannelView>();
  const removal = useDialog<AlertChannelView>();
  const test = useAction(testChannel, onChanged);
  const nameOfConnection = useConnectionName(connections);
  const columns: readonly Column<AlertChannelView>[] = [
    {
      name: t('name'),
      cell: ({ name, kind, host }) => (
        <span className="grid min-w-0">
          <span className="font-semibold">{name}</span>
          <span className="break-all text-ink-2">
            {t(`kind.${kind}`)} · {host}
          </span>
        </span>
      ),
    },
    {
      name: t('events'),
      cell: ({ events, minSeverity, connectionId, regions, domains }) => {
        const severity = minSeverity === 'info' ? [] : [t(`severity.${minSeverity}`)];
        const account = connectionId === null ? [] : [nameOfConnection(connectionId)];
        const limits = [...severity, ...account, ...regions, ...domains];
        return (
          <span className="grid min-w-0">
            <span>{events.map((event) => t(`event.${event}`)).join(', ')}</span>
            {limits.length === 0 ? null : <span className="break-words text-ink-2">{limits.join(', ')}</span>}
          </span>
        );
      },
    },
    {
      name: '',
      card: 'none',
      cell: (channel) =>
        mayConfigure ? (
          <span className="flex justify-end gap-1">
            <IconButton
              size="sm"
              label={t('testTo', { name: channel.name })}
              icon={<Send aria-hidden />}
              onClick={() => test.send({ id: channel.id })}
            />
            <IconButton
              size="sm"
              label={t('change', { name: channel.name })}
              icon={<Pencil aria-hidden />}
              onClick={() => change.open(channel)}
            />
            <IconButton
              size="sm"
              label={t('remove', { name: channel.name })}
              icon={<Trash2 aria-hidden />}
              onClick={() => removal.open(channel)}
            />
          </span>
        ) : null,
    },
  ];
  return (
    <TablePanel
      title={t('title')}
      about={t('about')}
      none={t('none')}
      columns={columns}
      rows={data.channels}
      rowKey={({ id }) => id}
    >
      <ActionFailure action={test} />
      {mayConfigure ? (
        <div className="max-md:hidden">
          <Button icon={<BellPlus aria-hidden />} onClick={() => addition.open(null)}>
            {t('add')}
          </Button>
        </div>
      ) : null}
      {data.channels.length === 0 ? null : <Deliveries deliveries={data.deliveries} />}
      <AddChannel
        key={`add ${addition.key}`}
        {...{ connections, addChannel, onChanged }}
        isOpen={addition.isOpen}
        onClose={addition.discard}
      />
      {change.subject === null ? null : (
        <ChangeChannel
          key={`change ${change.key}`}
          channel={change.subject}
          isOpen={change.isOpen}
          onClose={change.discard}
          {...{ connections, changeChannel, onChanged }}
        />
      )}
      <ConfirmAction
        dialog={removal}
        title={({ name }) => t('removeTitle', { name })}
        text={t('removeText')}
        confirmLabel={t('removeNow')}
        cancelLabel={t('keep')}
        action={removeChannel}
        input={({ id }) => ({ id })}
        onDone={onChanged}
      />
    </TablePanel>
  );
}

const tones = { waiting: 'warn', sent: 'ok', failed: 'bad' } as const;

/** The newest deliveries, with the reason of each that failed. */
function Deliveries({ deliveries }: { readonly deliveries: readonly AlertDeliveryView[] }) {
  const t = useTranslations('alerts');
  const columns: readonly Column<AlertDeliveryView>[] = [
    {
      name: t('alert'),
      cell: ({ title, text, path }) => (
        <span className="grid min-w-0">
          <TextLink href={path}>{title}</TextLink>
          <span className="text-ink-2">{text}</span>
        </span>
      ),
    },
    { name: t('channel'), cell: ({ channelName }) => channelName },
    { name: t('time'), cell: ({ at }) => <Time at={at} /> },
    {
      name: t('delivery.label'),
      cell: ({ delivery, attempts, error }) => (
        <span className="grid min-w-0 gap-0.5">
          <Status tone={tones[delivery]}>
            {t(`delivery.${delivery === 'waiting' && attempts > 0 ? 'retrying' : delivery}`)}
          </Status>
          {error === null ? null : (
            <span className="text-12 break-words text-ink-2">
              {t('attempts', { count: attempts })}: {error}
            </span>
          )}
        </span>
      ),
    },
  ];
  return (
    <section className="grid min-w-0 gap-2" aria-label={t('log')}>
      <h3 className="text-12 font-semibold">{t('log')}</h3>
      <DataTable
        label={t('log')}
        columns={columns}
        rows={deliveries}
        rowKey={({ id }) => id}
        none={t('noLog')}
        scroll={{ label: t('log'), className: 'max-h-80' }}
      />
    </section>
  );
}
