import { Dices, Percent, Sigma, TriangleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Status } from '@/components/ui/chip';
import { Figures, FigureTile } from '@/components/ui/figures';
import { Panel } from '@/components/ui/panel';
import { type Column, DataTable } from '@/components/ui/tables/data-table';
import { compareEvents } from '@/lib/rehearsal/report/compare-events';
import type { DrillEvent, DrillReport } from '@/lib/rehearsal/report/drill-report';
import { DrillChart, getDrillResult } from './drill-chart';
import { useFigure } from './use-figure';

type DrillPanelProps = {
  readonly drill: DrillReport;
  /** The goal for the lost share; null = none. */
  readonly goal: number | null;
  /** Renders the control of an event; absent on paper. */
  readonly action?: (seed: number) => ReactNode;
};

/** The events of a fire drill: their share that ended well, a picture of them, and each in a table. */
export function DrillPanel(props: DrillPanelProps) {
  const t = useTranslations('rehearsal.drill');
  const { drill, goal } = props;
  return (
    <>
      <Share drill={drill} />
      <Panel title={t('title')} flush>
        <div className="px-4 py-3">
          <DrillChart events={drill.events} goal={goal} />
        </div>
        <FaultsTable events={drill.events} />
      </Panel>
      <EventsPanel {...props} />
    </>
  );
}

function Share({ drill: { endedWell, events, interval, worstSeed } }: Pick<DrillPanelProps, 'drill'>) {
  const t = useTranslations('rehearsal.drill');
  const { write } = useFigure();
  const lost = events.map(({ lostShare }) => lostShare).toSorted((a, b) => a - b);
  return (
    <Figures label={t('figures')}>
      <FigureTile
        icon={<Percent aria-hidden />}
        name={t('endedWell')}
        value={write.roundedShare(endedWell / events.length)}
        detail={t('endedWellOf', { count: endedWell, total: events.length })}
      />
      <FigureTile
        icon={<Sigma aria-hidden />}
        name={t('interval')}
        value={write.roundedRange(interval.low, interval.high)}
        detail={t('intervalNote')}
      />
      <FigureTile
        icon={<TriangleAlert aria-hidden />}
        name={t('mostLost')}
        value={write.share(lost.at(-1) ?? 0)}
        detail={t('middleLost', { share: write.share(lost[Math.floor(lost.length / 2)] ?? 0) })}
      />
      <FigureTile icon={<Dices aria-hidden />} name={t('worstSeed')} value={String(worstSeed)} />
    </Figures>
  );
}

type EventFault = DrillEvent['faults'][number];

type FaultRow = {
  readonly kind: EventFault['kind'];
  readonly events: number;
  readonly endedWell: number;
  readonly answers: ReadonlyMap<EventFault['answer'], number>;
};

/** Returns the kinds of faults, those first with which the fewest events ended well. */
function listFaults(events: readonly DrillEvent[]): readonly FaultRow[] {
  const kinds = [...new Set(events.flatMap(({ faults }) => faults.map(({ kind }) => kind)))];
  const rows = kinds.map((kind): FaultRow => {
    const hit = events.filter(({ faults }) => faults.some((fault) => fault.kind === kind));
    const answers = new Map<EventFault['answer'], number>();
    for (const fault of hit.flatMap(({ faults }) => faults.filter((each) => each.kind === kind)))
      answers.set(fault.answer, (answers.get(fault.answer) ?? 0) + 1);
    const endedWell = hit.filter(({ verdict }) => verdict === 'met').length;
    return { kind, events: hit.length, endedWell, answers };
  });
  return rows.toSorted((a, b) => a.endedWell / a.events - b.endedWell / b.events);
}

/** The ends of the events by the faults that they met. */
function FaultsTable({ events }: { readonly events: readonly DrillEvent[] }) {
  const t = useTranslations('rehearsal');
  const { write } = useFigure();
  const rows = listFaults(events);
  if (rows.length === 0) return <p className="px-4 pb-3 text-12 text-ink-2">{t('drill.noFaults')}</p>;
  const columns: readonly Column<FaultRow>[] = [
    { name: t('faults.fault'), cell: ({ kind }) => t(`faults.kind.${kind}`) },
    { name: t('drill.eventsWith'), isNumber: true, cell: (row) => write.count(row.events) },
    {
      name: t('drill.endedWell'),
      isNumber: true,
      cell: (row) =>
        t('drill.wellOf', { count: row.endedWell, share: write.roundedShare(row.endedWell / row.events) }),
    },
    {
      name: t('faults.answer'),
      cell: ({ answers }) =>
        [...answers]
          .toSorted(([, a], [, b]) => b - a)
          .map(([answer, count]) => t('drill.times', { what: t(`faults.answers.${answer}`), count }))
          .join(', '),
    },
  ];
  return <DataTable label={t('drill.byFault')} columns={columns} rows={rows} rowKey={({ kind }) => kind} />;
}

const tones = { met: 'ok', missed: 'warn', notEnded: 'bad' } as const;

function EventsPanel({ drill, action }: DrillPanelProps) {
  const t = useTranslations('rehearsal');
  const state = useTranslations('run.state');
  const { write } = useFigure();
  const rows = drill.events.toSorted(compareEvents);
  const sayFaults = ({ faults }: DrillEvent) => {
    const kinds = [...new Set(faults.map(({ kind }) => kind))];
    return kinds
      .map((kind) => {
        const count = faults.filter((fault) => fault.kind === kind).length;
        return t('drill.times', { what: t(`faults.kind.${kind}`), count });
      })
      .join(', ');
  };
  const columns: readonly Column<DrillEvent>[] = [
    { name: t('seed'), isNumber: true, cell: ({ seed }) => String(seed) },
    {
      name: t('goals.result'),
      cell: (event) => <Status tone={tones[getDrillResult(event)]}>{t(`goals.${event.verdict}`)}</Status>,
    },
    { name: t('drill.run'), className: 'whitespace-nowrap', cell: (event) => state(event.state) },
    {
      name: t('drill.missed'),
      cell: ({ missed }) => missed.map((kind) => t(`goals.kind.${kind}`)).join(', '),
    },
    { name: t('figures.lost'), isNumber: true, cell: ({ lostShare }) => write.share(lostShare) },
    { name: t('faults.title'), cell: sayFaults },
    ...(action === undefined
      ? []
      : [{ name: t('drill.action'), card: 'none' as const, cell: ({ seed }: DrillEvent) => action(seed) }]),
  ];
  return (
    <Panel title={t('drill.events')} flush>
      <DataTable
        label={t('drill.events')}
        columns={columns}
        rows={rows}
        rowKey={({ seed }) => seed}
        scroll={{ label: t('drill.events'), className: 'max-h-96 print:max-h-none' }}
      />
    </Panel>
  );
}
