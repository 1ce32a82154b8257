'use client';

import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { scaleTop } from '@/components/charts/scale-top';
import type { ChartPoint, ChartSeries } from '@/components/charts/time-chart';
import { Panel } from '@/components/ui/panel';
import { type Column, DataTable } from '@/components/ui/tables/data-table';
import { loadPart } from '@/lib/client/load-part';
import type { RehearsalReport, ReportSeries, ReportSeriesName } from '@/lib/rehearsal/report/report';
import { useFigure } from './use-figure';

const PartMissing = () => {
  const t = useTranslations('ui');
  return <p className="text-12 text-ink-2">{t('partMissing')}</p>;
};

/** The chart library is large and renders only in a browser. */
const TimeChart = dynamic(
  () =>
    loadPart(
      import('@/components/charts/time-chart').then((module) => module.TimeChart),
      PartMissing,
    ),
  { ssr: false },
);

type Unit = 'rps' | 'share' | 'ms' | 'count';
type Line = {
  readonly of: ReportSeriesName;
  readonly text:
    | 'offered'
    | 'served'
    | 'failed'
    | 'intended'
    | 'actual'
    | 'p95'
    | 'p99'
    | 'busy'
    | 'provisioned'
    | 'movedLine';
  readonly look: ChartSeries['look'];
};
type Chart = {
  readonly name: 'requests' | 'split' | 'waits' | 'instances' | 'moved';
  readonly unit: Unit;
  readonly lines: readonly Line[];
};

const charts: readonly Chart[] = [
  {
    name: 'requests',
    unit: 'rps',
    lines: [
      { of: 'offered', text: 'offered', look: 'plan' },
      { of: 'served', text: 'served', look: 'value' },
      { of: 'failed', text: 'failed', look: 'bad' },
    ],
  },
  {
    name: 'split',
    unit: 'share',
    lines: [
      { of: 'intendedShare', text: 'intended', look: 'plan' },
      { of: 'functionShare', text: 'actual', look: 'function' },
    ],
  },
  { name: 'moved', unit: 'share', lines: [{ of: 'movedShare', text: 'movedLine', look: 'value' }] },
  {
    name: 'waits',
    unit: 'ms',
    lines: [
      { of: 'waitP99Ms', text: 'p99', look: 'plan' },
      { of: 'waitP95Ms', text: 'p95', look: 'value' },
    ],
  },
  {
    name: 'instances',
    unit: 'count',
    lines: [
      { of: 'provisioned', text: 'provisioned', look: 'plan' },
      { of: 'busy', text: 'busy', look: 'function' },
    ],
  },
];

type ReportChartsProps = { readonly report: RehearsalReport };

/** Demand, split, waits and instances of an event over time, with T0 and T1. */
export function ReportCharts({ report }: ReportChartsProps) {
  const t = useTranslations('rehearsal.charts');
  return (
    <Panel title={t('title')}>
      <div className="grid gap-x-6 gap-y-4 lg:grid-cols-2">
        {charts.map((chart) => (
          <SeriesChart key={chart.name} chart={chart} report={report} />
        ))}
      </div>
      <SeriesTable report={report} />
    </Panel>
  );
}

function useWriter() {
  const { write } = useFigure();
  const writers: Readonly<Record<Unit, (value: number) => string>> = {
    rps: write.count,
    share: write.share,
    ms: write.ms,
    count: write.count,
  };
  return { writers, afterT0: write.afterT0 };
}

const getColumn = ({ columns }: ReportSeries, name: ReportSeriesName) => columns[name] ?? [];

function toPoints(series: ReportSeries, lines: readonly Line[], t0Ms: number): readonly ChartPoint[] {
  const length = Math.max(0, ...lines.map(({ of }) => getColumn(series, of).length));
  return Array.from({ length }, (_, index) => ({
    at: t0Ms + (series.fromS + index * series.stepS) * 1000,
    values: Object.fromEntries(lines.map(({ of }) => [of, getColumn(series, of)[index] ?? null])),
  }));
}

type SeriesChartProps = ReportChartsProps & { readonly chart: Chart };

function SeriesChart({ chart: { name, unit, lines }, report }: SeriesChartProps) {
  const t = useTranslations('rehearsal.charts');
  const { writers, afterT0 } = useWriter();
  const { series, t0, t1 } = report;
  const t0Ms = Date.parse(t0);
  const points = toPoints(series, lines, t0Ms);
  const write = writers[unit];
  const most = (of: ReportSeriesName) => Math.max(0, ...getColumn(series, of));
  const highest = Math.max(...lines.map(({ of }) => most(of)));
  const said = lines.map(({ of, text }) => t('line', { name: t(text), value: write(most(of)) })).join(', ');
  const marks = [{ at: t0Ms, label: 'T0' }, ...(t1 === null ? [] : [{ at: Date.parse(t1), label: 'T1' }])];
  return (
    <figure className="min-w-0">
      <figcaption className="flex flex-wrap gap-x-3 text-12">
        <span className="font-medium">{t(name)}</span>
        <span className="text-ink-2">{lines.map(({ text }) => t(text)).join(', ')}</span>
      </figcaption>
      <div role="img" aria-label={t('label', { name: t(name), lines: said })} className="mt-1 h-44">
        <TimeChart
          points={points}
          series={lines.map(({ of, text, look }) => ({ key: of, name: t(text), look }))}
          from={points[0]?.at ?? t0Ms}
          until={points.at(-1)?.at ?? t0Ms + 1000}
          top={unit === 'share' ? 1 : scaleTop([1, highest], null)}
          marks={marks}
          format={write}
          formatTime={(at) => afterT0((at - t0Ms) / 1000)}
        />
      </div>
    </figure>
  );
}

type SeriesRow = { readonly atS: number; readonly index: number };

/** The figures of all charts, for those who can't see them: rendered once it is opened. */
function SeriesTable({ report: { series } }: ReportChartsProps) {
  const t = useTranslations('rehearsal.charts');
  const [isOpen, setIsOpen] = useState(false);
  const { writers, afterT0 } = useWriter();
  const lines = charts.flatMap(({ unit, lines: of }) => of.map((line) => ({ ...line, unit })));
  const rows = getColumn(series, 'offered').map((_, index) => ({
    index,
    atS: series.fromS + index * series.stepS,
  }));
  const columns: readonly Column<SeriesRow>[] = [
    { name: t('time'), isNumber: true, cell: ({ atS }) => afterT0(atS) },
    ...lines.map(({ of, text, unit }) => ({
      name: t(text),
      isNumber: true,
      cell: ({ index }: SeriesRow) => writers[unit](getColumn(series, of)[index] ?? 0),
    })),
  ];
  return (
    <details onToggle={(event) => setIsOpen(event.currentTarget.open)} className="mt-3 text-12">
      <summary className="w-fit cursor-pointer font-medium text-accent">{t('table')}</summary>
      {isOpen ? (
        <DataTable
          label={t('table')}
          columns={columns}
          rows={rows}
          rowKey={({ index }) => index}
          scroll={{ label: t('table'), className: 'mt-2 max-h-80' }}
        />
      ) : null}
    </details>
  );
}
