'use client';

import dynamic from 'next/dynamic';
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import { PartMissing } from '@/components/run/charts/part-missing';
import { formatInstant } from '@/components/ui/format-time';
import { type Column, DataTable } from '@/components/ui/tables/data-table';
import { Time, useViewerZone } from '@/components/ui/time';
import { loadPart } from '@/lib/client/load-part';
import type { RunConvergenceView } from '@/lib/contract/run-convergence';
import { type ConvergencePoint, getConvergence } from '@/lib/run/model/convergence';

/** The chart library is large and renders only in a browser. */
const TimeChart = dynamic(
  () =>
    loadPart(
      import('@/components/charts/time-chart').then((module) => module.TimeChart),
      PartMissing,
    ),
  { ssr: false },
);

/** The shortest scale, in ms. */
const spanMinMs = 60_000;

type ConvergenceChartProps = { readonly view: RunConvergenceView; readonly zone: string | undefined };

/** The share of current answers over time, and the counts as a table. */
export function ConvergenceChart({ view, zone }: ConvergenceChartProps) {
  const t = useTranslations('run.convergence');
  const percent = usePercent();
  const viewerZone = useViewerZone(zone);
  const times = view.points.map(({ at }) => Date.parse(at));
  const from = Math.min(...times);
  const until = Math.max(from + spanMinMs, ...times);
  const formatTime = (at: number) => formatInstant(new Date(at).toISOString(), viewerZone, new Date(until));
  const shares = view.points.map((point) => ({ at: Date.parse(point.at), share: getConvergence(point) }));
  const changes = view.reached.map(({ at }) => Date.parse(at)).filter((at) => at >= from);
  return (
    <>
      <div
        className="h-36"
        role="img"
        aria-label={t('label', {
          from: formatTime(from),
          until: formatTime(until),
          share: percent(shares.at(-1)?.share ?? null),
        })}
      >
        <TimeChart
          points={shares.map(({ at, share }) => ({ at, values: { share } }))}
          series={[{ key: 'share', name: t('line'), look: 'value' }]}
          from={from}
          until={until}
          top={100}
          marks={changes.map((at) => ({ at, label: t('change') }))}
          format={(value) => t('percent', { value: percent(value) })}
          formatTime={formatTime}
        />
      </div>
      <Counts points={view.points} zone={zone} />
    </>
  );
}

/** Returns a function that writes a share; less than all is never rounded to 100. */
function usePercent(): (share: number | null) => string {
  const format = useFormatter();
  return (share) => (share === null ? '–' : format.number(Math.floor(share * 10) / 10));
}

type CountsProps = { readonly points: readonly ConvergencePoint[]; readonly zone: string | undefined };

/** The counts behind the chart, newest first: rendered once it is opened. */
function Counts({ points, zone }: CountsProps) {
  const t = useTranslations('run.convergence');
  const percent = usePercent();
  const [isOpen, setIsOpen] = useState(false);
  const columns: readonly Column<ConvergencePoint>[] = [
    { name: t('time'), cell: ({ at }) => <Time at={at} {...(zone === undefined ? {} : { zone })} /> },
    {
      name: t('share'),
      isNumber: true,
      cell: (point) => t('percent', { value: percent(getConvergence(point)) }),
    },
    { name: t('counts'), isNumber: true, cell: ({ at: _at, ...counts }) => t('count', counts) },
  ];
  return (
    <details onToggle={(event) => setIsOpen(event.currentTarget.open)} className="text-12">
      <summary className="w-fit cursor-pointer font-medium text-accent">{t('table')}</summary>
      {isOpen ? (
        <DataTable
          label={t('table')}
          columns={columns}
          rows={points.toReversed()}
          rowKey={({ at }) => at}
          scroll={{ label: t('table'), className: 'mt-2 max-h-80' }}
        />
      ) : null}
    </details>
  );
}
