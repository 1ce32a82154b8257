import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type {
  ChartLimit,
  ChartLook,
  ChartMark,
  ChartPoint,
  ChartSeries,
} from '@/components/charts/time-chart';
import { KindMark } from '@/components/ui/chip';
import { classes } from '@/components/ui/classes';
import { Panel } from '@/components/ui/panel';
import { type Column, DataTable } from '@/components/ui/tables/data-table';

/** The chart library is large and renders only in a browser. */
const TimeChart = dynamic(() => import('@/components/charts/time-chart').then((module) => module.TimeChart), {
  ssr: false,
});

/** The most points of a drawn line, and the most rows of its table. */
export const pointsMost = 240;
export const rowsMost = 30;

type ChartPanelProps = {
  readonly title: string;
  /** The chart in words. */
  readonly text: string;
  readonly curves: readonly ChartSeries[];
  readonly points: readonly ChartPoint[];
  /** The points of the table. */
  readonly rows: readonly ChartPoint[];
  /** The first and last instant, in epoch ms. */
  readonly from: number;
  readonly until: number;
  readonly top: number;
  readonly limits?: readonly ChartLimit[];
  readonly marks?: readonly ChartMark[];
  readonly isTall?: boolean;
  readonly format: (value: number) => string;
  readonly formatTick?: (value: number) => string;
  /** Formats an instant in epoch ms. */
  readonly formatTime: (at: number) => string;
  /** Notes below the chart. */
  readonly children?: ReactNode;
};

/** A chart over the time of a scenario, with its legend, and the same values as a table. */
export function ChartPanel(props: ChartPanelProps) {
  const { title, text, curves, rows, isTall = false, format, formatTick, formatTime, children } = props;
  const { points, from, until, top, limits = [], marks = [] } = props;
  const t = useTranslations('capacity.charts');
  const columns: readonly Column<ChartPoint>[] = [
    { name: t('time'), cell: ({ at }) => formatTime(at) },
    ...curves.map(({ key, name }) => ({
      name,
      cell: ({ values }: ChartPoint) => {
        const value = values[key] ?? null;
        return value === null ? '–' : format(value);
      },
      isNumber: true,
    })),
  ];
  return (
    <Panel
      title={title}
      aside={<Legend curves={curves} />}
      footer={
        <details>
          <summary className="cursor-pointer">{t('table')}</summary>
          <DataTable label={title} columns={columns} rows={rows} rowKey={({ at }) => at} />
        </details>
      }
    >
      {/* The tooltip stays where it was when the window gets narrower, also while it is hidden. */}
      <div role="img" aria-label={text} className={classes('overflow-x-clip', isTall ? 'h-64' : 'h-44')}>
        <TimeChart
          {...{ points, from, until, top, limits, marks, format, formatTime }}
          series={curves}
          {...(formatTick === undefined ? {} : { formatTick })}
        />
      </div>
      {children}
    </Panel>
  );
}

const swatches: Readonly<Record<ChartLook, string>> = {
  cvm: '',
  function: '',
  refused: 'h-2.5 w-2.5 bg-bad',
  bad: 'h-2.5 w-2.5 bg-bad',
  total: 'h-0.5 w-4 bg-ink',
  faint: 'h-px w-4 bg-ink-3',
  value: 'h-0.5 w-4 bg-accent',
  other: 'w-4 border-t-2 border-dashed border-ink',
  plan: 'w-4 border-t-2 border-dashed border-ink',
  forecast: 'w-4 border-t-2 border-dotted border-ink',
  forecastStacked: 'w-4 border-t-2 border-dotted border-ink',
};

function Legend({ curves }: { readonly curves: readonly ChartSeries[] }) {
  return curves.map(({ key, name, look }) => (
    <span key={key} className="inline-flex items-center gap-1.5 text-12 text-ink-2">
      {look === 'cvm' || look === 'function' ? (
        <KindMark kind={look === 'cvm' ? 'cvm' : 'scf'} />
      ) : (
        <span aria-hidden className={swatches[look]} />
      )}
      {name}
    </span>
  ));
}
