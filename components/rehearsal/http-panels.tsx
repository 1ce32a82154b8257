import { useTranslations } from 'next-intl';
import { Panel } from '@/components/ui/panel';
import { type Column, DataTable } from '@/components/ui/tables/data-table';
import type { HttpFigures } from '@/lib/rehearsal/report/report';
import { useFigure } from './use-figure';

type HttpProps = { readonly http: HttpFigures };

/** The figures of real requests: responses, latencies and connections, and how this differs from the event. */
export function HttpPanels({ http }: HttpProps) {
  return (
    <>
      <div className="grid items-start gap-4 xl:grid-cols-2">
        <Responses http={http} />
        <Latencies http={http} />
      </div>
      <Differences http={http} />
    </>
  );
}

function Responses({ http: { answers, sent, answered, skipped, onOldAddress } }: HttpProps) {
  const t = useTranslations('rehearsal.http');
  const { write } = useFigure();
  const columns: readonly Column<HttpFigures['answers'][number]>[] = [
    { name: t('from'), cell: ({ by }) => t(`by.${by}`) },
    { name: t('answer'), cell: ({ answer }) => answer },
    { name: t('requests'), isNumber: true, cell: ({ count }) => write.count(count) },
  ];
  const values = {
    sent: write.count(sent),
    answered: write.count(answered),
    unanswered: write.count(sent - answered),
    old: write.count(onOldAddress),
  };
  return (
    <Panel title={t('responses')} flush footer={t('sent', values)}>
      {skipped === 0 ? null : (
        <p className="px-4 pt-3 text-12 text-ink-2">{t('skipped', { count: skipped })}</p>
      )}
      <DataTable
        label={t('responses')}
        columns={columns}
        rows={answers}
        rowKey={({ by, answer }) => `${by} ${answer}`}
        none={t('none')}
      />
    </Panel>
  );
}

type Latency = {
  readonly of: 'function' | 'servers' | 'connection';
  readonly ms: HttpFigures['latency']['function'];
};

function Latencies({ http: { latency, connections, lookUps, machineDelay } }: HttpProps) {
  const t = useTranslations('rehearsal.http');
  const { write } = useFigure();
  const rows: readonly Latency[] = [
    { of: 'function', ms: latency.function },
    { of: 'servers', ms: latency.servers },
    { of: 'connection', ms: connections.latency },
  ];
  const column = (name: string, of: keyof NonNullable<Latency['ms']>): Column<Latency> => ({
    name,
    isNumber: true,
    cell: ({ ms }) => (ms === null ? '–' : write.ms(ms[of])),
  });
  const columns: readonly Column<Latency>[] = [
    { name: t('from'), cell: ({ of }) => t(`by.${of}`) },
    column(t('p50'), 'p50'),
    column(t('p95'), 'p95'),
    column(t('p99'), 'p99'),
    column(t('most'), 'most'),
  ];
  const values = {
    opened: write.count(connections.opened),
    tls: write.count(connections.tls),
    lookUps: write.count(lookUps.sent),
    failed: write.count(lookUps.failed),
    delay: write.ms(machineDelay.p99),
    most: write.ms(machineDelay.most),
  };
  return (
    <Panel title={t('latencies')} flush footer={t('connections', values)}>
      <DataTable label={t('latencies')} columns={columns} rows={rows} rowKey={({ of }) => of} />
    </Panel>
  );
}

function Differences({ http: { rps, clients, speed, tookS, copied } }: HttpProps) {
  const t = useTranslations('rehearsal.http');
  const { writeUntil } = useFigure();
  return (
    <Panel title={t('differences')}>
      <ul className="grid list-disc gap-1 pl-4 text-12">
        <li>{t('load', { rps, clients, took: writeUntil(tookS) })}</li>
        <li>{speed === 1 ? t('realTime') : t('faster', { speed })}</li>
        <li>{t('copied', copied)}</li>
        <li>{t('echo')}</li>
        <li>{t('notMeasured')}</li>
      </ul>
    </Panel>
  );
}
