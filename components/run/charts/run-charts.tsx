'use client';

import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useFormatter, useTranslations } from 'next-intl';
import { type ReactNode, useState } from 'react';
import { scaleTop } from '@/components/charts/scale-top';
import type { ChartPoint } from '@/components/charts/time-chart';
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

/** Requests and errors of a run over time, with a mark at each event; its other figures folded, and all as a table. */
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
      <p className="text-12 text-ink-2">{t('unread')}</p>
    </Panel>
  );
  return (
    // A server of another build may respond in another format: the commands beside the charts must stay usable.
    <PartBoundary data={data} instead={unread}>
      <Panel title={t('title')} aside={data === undefined ? null : <WatchState view={data} />}>
        {data === undefined ? (
          <p className="text-12 text-ink-2">{isError ? t('unread') : t('loading')}</p>
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

/** The charts that are drawn at once, the first pair that has figures; the others are folded. */
const pairs = [
  ['rate', 'errors'],
  ['probes', 'latency'],
] as const satisfies readonly (readonly ChartName[])[];

function ChartsBody({ isStale, ...part }: PartProps & { readonly isStale: boolean }) {
  const t = useTranslations('run.charts');
  const { view, forecast, zone } = part;
  const span = getSpan(view);
  const charts = addForecast(drawCharts(view, span.until), forecast?.points ?? [], span);
  const drawn = chartNames.filter((name) =>
    charts[name].points.some(({ values }) => Object.keys(values).some((key) => !isForecast(key))),
  );
  const shown: readonly ChartName[] = pairs.find(([first]) => drawn.includes(first)) ?? [];
  const folded = drawn.filter((name) => !shown.includes(name));
  const { summary, traffic, split, dnsSplit } = view;
  // A difference from the plan is shown at once, and what is as planned is folded.
  const differs = [split, dnsSplit].some(
    (test) => test !== null && (test.intended < test.low || test.intended > test.high),
  );
  const tests = <SplitTests split={split} dnsSplit={dnsSplit} />;
  const deviates = forecast !== null && forecast.deviations.length > 0;
  const note = forecast === null ? null : <ForecastNote forecast={forecast} zone={zone} />;
  return (
    <div className="grid gap-4">
      {isStale ? <Callout tone="warn">{t('stale')}</Callout> : null}
      {summary !== null && summary.sent === 0 ? <Callout tone="warn">{t('nothingToProbe')}</Callout> : null}
      {differs ? tests : null}
      {deviates ? note : null}
      {shown.length === 0 ? (
        <p className="text-ink-2">{t('empty', { isOn: String(view.isTrafficOn) })}</p>
      ) : null}
      {shown.map((name) => (
        <Chart key={name} {...{ name, view, span, zone }} data={charts[name]} />
      ))}
      <Fold title={t('more')}>
        {differs ? null : tests}
        {deviates ? null : note}
        {folded.map((name) => (
          <Chart key={name} {...{ name, view, span, zone }} data={charts[name]} />
        ))}
        <MeasuredRequests traffic={traffic} />
      </Fold>
      <Fold title={t('figures')}>
        <FigureTable {...part} />
      </Fold>
    </div>
  );
}

/** A part that is rendered once it is opened. */
function Fold({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details onToggle={(event) => setIsOpen(event.currentTarget.open)} className="text-12">
      <summary className="w-fit cursor-pointer font-medium text-accent">{title}</summary>
      {isOpen ? <div className="mt-3 grid gap-4">{children}</div> : null}
    </details>
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

type ChartProps = {
  readonly name: ChartName;
  readonly data: ChartData;
  readonly view: RunChartsView;
  readonly span: { readonly from: number; readonly until: number };
  readonly zone: string | undefined;
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

function Chart({ name, data, view, span, zone }: ChartProps) {
  const t = useTranslations('run.charts');
  const write = useValue();
  const lineName = useLineName();
  const viewerZone = useViewerZone(zone);
  const formatTime = (at: number) =>
    formatInstant(new Date(at).toISOString(), viewerZone, new Date(span.until));
  const { points, series, limit } = data;
  const last = getLast(data, Date.parse(view.now));
  const marks = placeMarks(view.marks, span).map(({ at, kind }) => ({
    at,
    label: kind === null ? '' : t(`mark.${kind}`),
  }));
  const highest = getHighest(points, name === 'rate');
  const spoken = (value: number | null) => (value === null ? t('noData') : write(name, value));
  const isPercent = name === 'share' || name === 'probes';
  return (
    <figure className="m-0 min-w-0">
      <figcaption className="flex flex-wrap items-baseline gap-x-3 text-12">
        <span className="font-medium">{t(`name.${name}`)}</span>
        <span className="ml-auto flex flex-wrap gap-x-3 text-ink-2 tabular-nums">
          {last
            .filter(({ key }) => !isForecast(key))
            .map(({ key, value }) => (
              <span key={key}>
                {lineName(name, key)} <strong className="font-semibold text-ink">{spoken(value)}</strong>
              </span>
            ))}
        </span>
      </figcaption>
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
    </figure>
  );
}

type FigureRow = { readonly at: string; readonly values: Readonly<Partial<Record<ChartName, string>>> };

/** All figures of the charts as a table, newest first. */
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
