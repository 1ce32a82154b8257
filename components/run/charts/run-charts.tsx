'use client';

import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useFormatter, useTranslations } from 'next-intl';
import { type ReactNode, useState } from 'react';
import { scaleTop } from '@/components/charts/scale-top';
import type { ChartMark, ChartPoint } from '@/components/charts/time-chart';
import { Callout } from '@/components/ui/banner';
import { durationText } from '@/components/ui/duration-text';
import { formatDuration, formatInstant } from '@/components/ui/format-time';
import { Panel } from '@/components/ui/panel';
import { PartBoundary } from '@/components/ui/part-boundary';
import { type Column, DataTable } from '@/components/ui/tables/data-table';
import { Time, useViewerZone } from '@/components/ui/time';
import { readExisting } from '@/lib/client/fetch-json';
import { loadPart } from '@/lib/client/load-part';
import { runChartsQuery } from '@/lib/client/page-queries';
import type { RunChartsView } from '@/lib/contract/run-charts';
import type { RunForecastView } from '@/lib/contract/run-forecast';
import { useAnyKey } from '@/lib/messages/use-any-key';
import type { RunView } from '@/lib/run/model/model';
import {
  type ChartData,
  type ChartName,
  chartNames,
  drawCharts,
  getLast,
  getSpan,
  placeMarks,
  roundChartPercent,
} from './chart-data';
import { addForecast, isForecast } from './forecast-lines';
import { ForecastNote } from './forecast-note';
import { PartMissing } from './part-missing';
import { SplitTests } from './split-tests';

type RunChartsProps = { readonly run: Pick<RunView, 'id' | 'cutover'> };

/** Traffic is measured once a minute, and each read runs the model. In ms. */
const forecastEveryMs = 30_000;

/** The chart library is large and renders only in a browser. */
const TimeChart = dynamic(
  () =>
    loadPart(
      import('@/components/charts/time-chart').then((module) => module.TimeChart),
      PartMissing,
    ),
  { ssr: false },
);

/**
 * Shares, probes, traffic and concurrency of a run over time, with a mark at each of its steps, and all figures as a
 * table.
 */
export function RunCharts({ run }: RunChartsProps) {
  const t = useTranslations('run.charts');
  const { data, isError } = useQuery(runChartsQuery(run.id));
  // Charts don't wait for the forecast.
  const { data: forecast = null } = useQuery({
    // Not the key of the run, whose every step would read it again.
    queryKey: ['forecast', run.id],
    queryFn: ({ signal }) => readExisting('run.getForecast', run.id, signal),
    refetchInterval: forecastEveryMs,
  });
  const unread = (
    <Panel title={t('title')}>
      <NoCharts>{t('unread')}</NoCharts>
    </Panel>
  );
  return (
    // A server of another build may respond in another format: the commands beside the charts must stay usable.
    <PartBoundary data={data} instead={unread}>
      <Panel title={t('title')} aside={data === undefined ? null : <WatchState view={data} />}>
        {data === undefined ? (
          <NoCharts>{isError ? t('unread') : t('loading')}</NoCharts>
        ) : (
          <ChartsBody view={data} forecast={forecast} isStale={isError} zone={run.cutover?.zone} />
        )}
      </Panel>
    </PartBoundary>
  );
}

type PartProps = {
  readonly view: RunChartsView;
  /** null = not read yet, or it can't be read. */
  readonly forecast: RunForecastView | null;
  readonly zone: string | undefined;
};

function ChartsBody({ isStale, ...part }: PartProps & { readonly isStale: boolean }) {
  const t = useTranslations('run.charts');
  const { summary, traffic } = part.view;
  return (
    <div className="grid gap-4">
      {isStale ? <Callout tone="warn">{t('stale')}</Callout> : null}
      {summary !== null && summary.sent === 0 ? <Callout tone="warn">{t('nothingToProbe')}</Callout> : null}
      <Marks {...part} />
      <SplitTests split={part.view.split} dnsSplit={part.view.dnsSplit} />
      {part.forecast === null ? null : <ForecastNote forecast={part.forecast} zone={part.zone} />}
      <Charts {...part} />
      <MeasuredRequests traffic={traffic} />
      <Figures {...part} />
    </div>
  );
}

/** The requests that the charts of traffic are of. */
function MeasuredRequests({ traffic }: Pick<RunChartsView, 'traffic'>) {
  const t = useTranslations('run.charts');
  const last = traffic.at(-1);
  if (last === undefined) return null;
  const note =
    last.moved === undefined ? '' : ` ${t('movedRequests', { isKnown: String(last.moved !== null) })}`;
  return (
    <p className="text-12 text-ink-2">
      {t('ownRequests')}
      {note}
    </p>
  );
}

const chartGrid = 'grid gap-x-6 gap-y-4 lg:grid-cols-2';
/** The box of a chart with nothing to draw: as high as a chart. */
const emptyChart =
  'mt-1 grid h-35 place-content-center rounded border border-line border-dashed px-4 text-center text-12 text-ink-2';

/** Reserves the space of the charts until they are loaded, so that nothing below them moves. */
function NoCharts({ children }: { readonly children: string }) {
  const t = useTranslations('run.charts');
  return (
    <div className="grid gap-4">
      <p className="text-12 text-ink-2">{children}</p>
      <div aria-hidden className={chartGrid}>
        {chartNames.map((name) => (
          <div key={name}>
            <p className="text-12 font-medium">{t(`name.${name}`)}</p>
            <div className={emptyChart} />
          </div>
        ))}
      </div>
      <p aria-hidden className="invisible text-12 font-medium">
        {t('figures')}
      </p>
    </div>
  );
}

/** The state of the probes, with their counts. */
function WatchState({ view: { state, everyS, afterS, summary } }: { readonly view: RunChartsView }) {
  const t = useTranslations('run.charts');
  return (
    <span className="text-12 text-ink-2 tabular-nums">
      {t(`state.${state}`, { everyS, after: durationText(afterS) })}{' '}
      {summary === null ? null : (
        <strong className="font-semibold text-ink">
          {t('sent', { sent: summary.sent, failed: summary.failed })}
        </strong>
      )}
    </span>
  );
}

/** The instants that the charts mark, as text. */
function Marks({ view: { marks }, zone }: Pick<PartProps, 'view' | 'zone'>) {
  const t = useTranslations('run.charts');
  if (marks.length === 0) return null;
  return (
    <ul aria-label={t('marks')} className="flex flex-wrap gap-x-3 gap-y-1 text-12 text-ink-2">
      {marks.map(({ at, kind }) => (
        <li key={`${at} ${kind}`}>
          <span className="font-medium text-ink">{t(`mark.${kind}`)}</span>{' '}
          <Time at={at} {...(zone === undefined ? {} : { zone })} />
        </li>
      ))}
    </ul>
  );
}

/** Returns a function that writes a value of a chart with its unit. */
function useValue(): (chart: ChartName, value: number) => string {
  const t = useTranslations('run.charts');
  const format = useFormatter();
  return (chart, value) => {
    if (chart === 'latency') return formatDuration(value);
    if (chart === 'rate') {
      const digits = value >= 10 ? 0 : value < 1 ? 2 : 1;
      return t('perSecond', { value: format.number(value, { maximumFractionDigits: digits }) });
    }
    // A forecast is a mean.
    if (chart === 'concurrency') return t('instances', { count: Math.round(value * 10) / 10 });
    return t('percent', { value: format.number(roundChartPercent(value)) });
  };
}

/** Returns a function that names a line of a chart: those of concurrency are functions. */
function useLineName(): (chart: ChartName, key: string) => string {
  const t = useAnyKey('run.charts.line');
  return (chart, key) => (chart === 'concurrency' && !isForecast(key) ? key : t(key));
}

function Charts({ view, forecast, zone }: PartProps) {
  const t = useTranslations('run.charts');
  const span = getSpan(view);
  const charts = addForecast(drawCharts(view, span.until), forecast?.points ?? [], span);
  const marks = placeMarks(view.marks, span).map(({ at, kind }) => ({
    at,
    label: kind === null ? '' : t(`mark.${kind}`),
  }));
  return (
    <div className={chartGrid}>
      {chartNames.map((name) => (
        <Chart
          key={name}
          name={name}
          data={charts[name]}
          span={span}
          now={Date.parse(view.now)}
          marks={marks}
          zone={zone}
        >
          {t(`empty.${name}`, { isOn: String(view.isTrafficOn) })}
        </Chart>
      ))}
    </div>
  );
}

type ChartProps = {
  readonly name: ChartName;
  readonly data: ChartData;
  readonly span: { readonly from: number; readonly until: number };
  /** Epoch ms. */
  readonly now: number;
  readonly marks: readonly ChartMark[];
  readonly zone: string | undefined;
  /** Shown while there is nothing to draw. */
  readonly children: ReactNode;
};

/** The least top of each scale, in its unit. */
const leastTop: Readonly<Record<ChartName, number>> = {
  share: 100,
  probes: 100,
  latency: 100,
  rate: 1,
  errors: 10,
  concurrency: 1,
};

function getHighest(points: readonly ChartPoint[], isStacked: boolean): number {
  const tops = points.map(({ values }) => {
    const top = (isOf: (key: string) => boolean) => {
      const known = Object.entries(values).flatMap(([key, value]) => (isOf(key) ? (value ?? []) : []));
      return isStacked ? known.reduce((sum, value) => sum + value, 0) : Math.max(0, ...known);
    };
    return Math.max(
      top(isForecast),
      top((key) => !isForecast(key)),
    );
  });
  return Math.max(0, ...tops);
}

function Chart({ name, data, span, now, marks, zone, children }: ChartProps) {
  const t = useTranslations('run.charts');
  const write = useValue();
  const lineName = useLineName();
  const viewerZone = useViewerZone(zone);
  const formatTime = (at: number) =>
    formatInstant(new Date(at).toISOString(), viewerZone, new Date(span.until));
  const { points, series, limit } = data;
  const last = getLast(data, now);
  const highest = getHighest(points, name === 'rate');
  const spoken = (value: number | null) => (value === null ? t('noData') : write(name, value));
  const isPercent = name === 'share' || name === 'probes';
  return (
    <figure className="m-0 min-w-0">
      <figcaption className="flex flex-wrap items-baseline gap-x-3 text-12">
        <span className="font-medium">{t(`name.${name}`)}</span>
        <span className="ml-auto flex flex-wrap gap-x-3 text-ink-2 tabular-nums">
          {last.map(({ key, value }) => (
            <span key={key}>
              {lineName(name, key)} <strong className="font-semibold text-ink">{spoken(value)}</strong>
            </span>
          ))}
        </span>
      </figcaption>
      {points.length === 0 ? (
        <p className={emptyChart}>{children}</p>
      ) : (
        <div
          className="h-36"
          role="img"
          aria-label={t('label', {
            name: t(`name.${name}`),
            from: formatTime(span.from),
            until: formatTime(span.until),
            last: last.map(({ key, value }) => `${lineName(name, key)} ${spoken(value)}`).join(', '),
            highest: write(name, highest),
            limit: limit === null ? 'none' : write(name, limit),
          })}
        >
          <TimeChart
            points={points}
            series={series.map((each) => ({ ...each, name: lineName(name, each.key) }))}
            from={span.from}
            until={span.until}
            top={isPercent ? 100 : scaleTop([leastTop[name], highest], limit)}
            limits={
              limit === null
                ? []
                : [{ value: limit, label: t('limit', { limit: write(name, limit) }), isBad: true }]
            }
            marks={marks}
            format={(value) => write(name, value)}
            {...(name === 'concurrency' ? { formatTick: String } : {})}
            formatTime={formatTime}
          />
        </div>
      )}
    </figure>
  );
}

type FigureRow = { readonly at: string; readonly values: Readonly<Partial<Record<ChartName, string>>> };

/** All figures of the charts as a table, newest first: rendered once it is opened. */
function Figures(part: PartProps) {
  const t = useTranslations('run.charts');
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details onToggle={(event) => setIsOpen(event.currentTarget.open)} className="text-12">
      <summary className="w-fit cursor-pointer font-medium text-accent">{t('figures')}</summary>
      {isOpen ? <FigureTable {...part} /> : null}
    </details>
  );
}

function FigureTable({ view, forecast, zone }: PartProps) {
  const t = useTranslations('run.charts');
  const write = useValue();
  const lineName = useLineName();
  const span = getSpan(view);
  const charts = addForecast(drawCharts(view, span.until), forecast?.points ?? [], span);
  const rows = new Map<number, Partial<Record<ChartName, string>>>();
  for (const name of chartNames)
    for (const { at, values } of charts[name].points) {
      const known = charts[name].series.flatMap(({ key }) => {
        const value = values[key] ?? null;
        return value === null
          ? []
          : [`${charts[name].series.length > 1 ? `${lineName(name, key)} ` : ''}${write(name, value)}`];
      });
      rows.set(at, { ...rows.get(at), [name]: known.length === 0 ? t('noData') : known.join(', ') });
    }
  const columns: readonly Column<FigureRow>[] = [
    { name: t('time'), cell: ({ at }) => <Time at={at} {...(zone === undefined ? {} : { zone })} /> },
    ...chartNames.map((name) => ({
      name: t(`name.${name}`),
      cell: ({ values }: FigureRow) => values[name] ?? '–',
      isNumber: true,
      wraps: true,
    })),
  ];
  return (
    <DataTable
      label={t('figures')}
      columns={columns}
      rows={[...rows]
        .toSorted(([a], [b]) => b - a)
        .map(([at, values]) => ({ at: new Date(at).toISOString(), values }))}
      rowKey={({ at }) => at}
      none={t('noFigures')}
      scroll={{ label: t('figures'), className: 'mt-2 max-h-80' }}
    />
  );
}
