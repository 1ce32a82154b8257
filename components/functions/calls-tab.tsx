'use client';

import dynamic from 'next/dynamic';
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import { scaleTop } from '@/components/charts/scale-top';
import { Callout } from '@/components/ui/banner';
import { Status } from '@/components/ui/chip';
import { Copyable } from '@/components/ui/copyable';
import { EmptyState } from '@/components/ui/empty-state';
import { formatDuration } from '@/components/ui/format-time';
import { Panel } from '@/components/ui/panel';
import { Segmented } from '@/components/ui/segmented';
import { AsOf, Time } from '@/components/ui/time';
import type {
  FunctionCalls,
  FunctionCallsPoint,
  FunctionLogEntry,
} from '@/lib/estate/functions/function-reading';
import type { FunctionPageProps } from './function-props';
import { PartFrame } from './part-frame';

/** The chart library is large and renders only in a browser. */
const TimeChart = dynamic(() => import('@/components/charts/time-chart').then((module) => module.TimeChart), {
  ssr: false,
});

const series = ['calls', 'errors', 'throttles', 'concurrency', 'durationMs'] as const;
type Series = (typeof series)[number];

const spans = ['hour', 'day'] as const;
const hoursOf: Readonly<Record<(typeof spans)[number], 1 | 24>> = { hour: 1, day: 24 };

/** The calls of a function over time, and the newest of them with their logs. */
export function CallsTab(props: FunctionPageProps) {
  const t = useTranslations('functions.calls');
  const [span, setSpan] = useState<(typeof spans)[number]>('hour');
  const [outcome, setOutcome] = useState<'any' | 'failed'>('any');
  return (
    <>
      <Panel
        title={t('title')}
        aside={
          <Segmented
            label={t('span')}
            value={span}
            onChange={setSpan}
            options={spans.map((value) => ({ value, label: t(value) }))}
          />
        }
      >
        <PartFrame
          {...props}
          part={{ part: 'calls', hours: hoursOf[span] }}
          none={<EmptyState icon={null} title={t('none')} />}
        >
          {(calls, readAt) => <CallCharts calls={calls} readAt={readAt} />}
        </PartFrame>
      </Panel>
      <Panel
        title={t('logs')}
        aside={
          <Segmented
            label={t('outcome')}
            value={outcome}
            onChange={setOutcome}
            options={(['any', 'failed'] as const).map((value) => ({ value, label: t(value) }))}
          />
        }
        footer={t('logService')}
      >
        <PartFrame
          {...props}
          part={{ part: 'logs', outcome }}
          none={<EmptyState icon={null} title={t('noLogs')} />}
        >
          {(entries, readAt) => <LogList entries={entries} readAt={readAt} />}
        </PartFrame>
      </Panel>
    </>
  );
}

function sum(points: readonly FunctionCallsPoint[], name: 'calls' | 'errors' | 'throttles'): number {
  return points.reduce((total, point) => total + (point[name] ?? 0), 0);
}

function CallCharts({ calls, readAt }: { readonly calls: FunctionCalls; readonly readAt: string }) {
  const t = useTranslations('functions.calls');
  const { points, periodS } = calls;
  if (points.every((point) => point.calls === null))
    return (
      <Callout title={t('none')}>
        {t('noneText')} <AsOf at={readAt} />
      </Callout>
    );
  return (
    <>
      <p className="flex flex-wrap items-center gap-x-3 text-12 text-ink-2">
        {t('total', {
          calls: sum(points, 'calls'),
          errors: sum(points, 'errors'),
          throttles: sum(points, 'throttles'),
        })}
        <span className="ml-auto">
          <AsOf at={readAt} />
        </span>
      </p>
      <div className="grid gap-4 md:grid-cols-2">
        {series.map((name) => (
          <CallChart key={name} name={name} points={points} periodS={periodS} />
        ))}
      </div>
    </>
  );
}

type CallChartProps = FunctionCalls & { readonly name: Series };

function CallChart({ name, points, periodS }: CallChartProps) {
  const t = useTranslations('functions.calls');
  const format = useFormatter();
  const drawn = points.map((point) => ({ at: Date.parse(point.at), value: point[name] }));
  // Below 10 ms the labels of the scale would be identical.
  const least = name === 'durationMs' ? 10 : 1;
  const top = scaleTop([least, ...drawn.map(({ value }) => value ?? 0)], null);
  const write = (value: number) =>
    name === 'durationMs' ? formatDuration(value) : format.number(value, { maximumFractionDigits: 1 });
  const label = t(name);
  const last = points.findLast((point) => point[name] !== null)?.[name] ?? null;
  return (
    <figure className="m-0 min-w-0">
      <figcaption className="flex items-baseline gap-2 text-12">
        <span className="font-medium">{label}</span>
        {name === 'calls' || name === 'errors' || name === 'throttles' ? (
          <span className="text-ink-3">{t('perPoint', { seconds: String(periodS) })}</span>
        ) : null}
        <span className="ml-auto tabular-nums">{last === null ? t('noValue') : write(last)}</span>
      </figcaption>
      <div className="h-36" aria-hidden>
        <TimeChart
          points={drawn.map(({ at, value }) => ({ at, values: { value } }))}
          series={[{ key: 'value', name: label, look: 'value' }]}
          from={drawn[0]?.at ?? 0}
          until={drawn.at(-1)?.at ?? 1}
          top={top}
          format={write}
          formatTime={(at) => format.dateTime(at, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })}
        />
      </div>
    </figure>
  );
}

const bytesPerMb = 1024 * 1024;

function LogList({
  entries,
  readAt,
}: {
  readonly entries: readonly FunctionLogEntry[];
  readonly readAt: string;
}) {
  const t = useTranslations('functions.calls');
  if (entries.length === 0)
    return (
      <p className="text-12 text-ink-2">
        {t('noLogs')} <AsOf at={readAt} />
      </p>
    );
  return (
    <>
      <AsOf at={readAt} />
      <ul aria-label={t('logsTable')} className="text-12">
        {entries.map((entry) => (
          <li key={`${entry.requestId} ${entry.at}`} className="border-b border-line py-2 last:border-b-0">
            <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <Time at={entry.at} />
              <Status tone={entry.code === 0 ? 'ok' : 'bad'}>
                {entry.code === 0 ? t('ok') : t('error', { code: entry.code })}
              </Status>
              <span className="tabular-nums text-ink-2">
                {t('usage', {
                  time: formatDuration(entry.durationMs),
                  mb: Math.ceil(entry.memoryBytes / bytesPerMb),
                })}
              </span>
              <span className="min-w-0 text-ink-3 md:ml-auto">
                <Copyable value={entry.requestId} />
              </span>
            </div>
            <details className="pt-1">
              <summary className="cursor-pointer text-ink-2">{t('output')}</summary>
              <p className="pt-1 font-medium">{t('answer')}</p>
              <pre className="mono overflow-x-auto whitespace-pre-wrap break-all">{entry.answer}</pre>
              <p className="pt-1 font-medium">{t('log')}</p>
              <pre className="mono overflow-x-auto whitespace-pre-wrap break-all">
                {entry.log || t('emptyLog')}
              </pre>
            </details>
          </li>
        ))}
      </ul>
    </>
  );
}
