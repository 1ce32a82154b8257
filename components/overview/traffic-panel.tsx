'use client';

import dynamic from 'next/dynamic';
import { useFormatter, useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { scaleTop } from '@/components/charts/scale-top';
import { RunStateMark } from '@/components/run/list/run-state-mark';
import { KindMark, Status } from '@/components/ui/chip';
import { classes } from '@/components/ui/classes';
import { formatDuration, formatInstant } from '@/components/ui/format-time';
import { TextLink } from '@/components/ui/text-link';
import { AsOf, useViewerZone } from '@/components/ui/time';
import type { OverviewView, TrafficRowView } from '@/lib/contract/overview';
import { formatNames } from '@/lib/diversion/format-names';
import { routes } from '@/lib/routes';
import type { FunctionUse, TrafficPoint } from '@/lib/run/model/diverted-traffic';
import { Part } from './part';

/**
 * The traffic of diverted names by side, with errors and the use of functions. Missing figures are marked as not
 * measured.
 */
export function TrafficPanel({ traffic }: Pick<OverviewView, 'traffic'>) {
  const t = useTranslations('overview.traffic');
  return (
    <Part title={t('title')} part={traffic}>
      {(rows) =>
        rows.length === 0 ? <p className="px-4 py-3 text-ink-2">{t('none')}</p> : <TrafficRows rows={rows} />
      }
    </Part>
  );
}

/** The chart library is large and renders only in a browser. */
const TimeChart = dynamic(() => import('@/components/charts/time-chart').then((module) => module.TimeChart), {
  ssr: false,
});

/** The traffic of each diversion, with its text: most of the time none is diverted. */
function TrafficRows({ rows }: { readonly rows: readonly TrafficRowView[] }) {
  return (
    <ul className="divide-y divide-line">
      {rows.map((row) => (
        <TrafficRow key={row.diversionId} row={row} />
      ))}
    </ul>
  );
}

/** Returns a function that formats a rate with the relevant number of decimal places. */
function useRate(): (value: TrafficPoint['cvm']) => string {
  const t = useTranslations('overview.traffic');
  const format = useFormatter();
  return (value) => {
    if (value === 'none') return t('noRule');
    if (value === null) return t('noData');
    return t('perSecond', {
      value: format.number(value, { maximumFractionDigits: value < 1 ? 2 : value < 10 ? 1 : 0 }),
    });
  };
}

function TrafficRow({ row }: { readonly row: TrafficRowView }) {
  const { name, runId, state, domains, points } = row;
  const last = points.at(-1);
  return (
    <li className="grid gap-2 px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <TextLink href={routes.run(runId)} className="text-14">
          {name}
        </TextLink>
        <RunStateMark state={state} hasOutage={false} />
        <span className="truncate text-12 text-ink-2">{formatNames(domains, 3)}</span>
        <span className="ml-auto">{last === undefined ? null : <AsOf at={last.at} />}</span>
      </div>
      {last === undefined ? null : (
        <>
          <Rates last={last} />
          {points.length > 1 ? <Chart row={row} last={last} /> : null}
          {last.functions.map((use) => (
            <Concurrency key={use.name} use={use} />
          ))}
        </>
      )}
      <Why row={row} last={last} />
    </li>
  );
}

function Rates({ last }: { readonly last: TrafficPoint }) {
  const t = useTranslations('overview.traffic');
  const rate = useRate();
  const format = useFormatter();
  const { errorRate } = last;
  return (
    <dl className="grid grid-cols-3 gap-2">
      <Rate
        name={t('cvm')}
        icon={<KindMark kind="cvm" />}
        value={rate(last.cvm)}
        isKnown={isRate(last.cvm)}
      />
      <Rate
        name={t('function')}
        icon={<KindMark kind="scf" />}
        value={rate(last.function)}
        isKnown={isRate(last.function)}
      />
      <Rate
        name={t('errors')}
        value={
          errorRate === null
            ? t('noData')
            : t('percent', { value: format.number(errorRate, { maximumFractionDigits: 1 }) })
        }
        isKnown={errorRate !== null}
        isBad={errorRate !== null && errorRate > 0}
      />
    </dl>
  );
}

const isRate = (value: TrafficPoint['cvm']): value is number => typeof value === 'number';

type RateProps = {
  readonly name: string;
  readonly icon?: ReactNode;
  readonly value: string;
  readonly isKnown: boolean;
  readonly isBad?: boolean;
};

function Rate({ name, icon, value, isKnown, isBad = false }: RateProps) {
  return (
    <div>
      <dt className="flex items-center gap-1.5 text-12 text-ink-2">
        {icon}
        {name}
      </dt>
      <dd
        className={classes(
          'tabular-nums',
          isKnown ? 'text-20 font-semibold tracking-tight' : 'text-14 leading-7 text-ink-2',
          isBad && 'text-bad-ink',
        )}
      >
        {value}
      </dd>
    </div>
  );
}

function Chart({
  row: { name, points },
  last,
}: {
  readonly row: TrafficRowView;
  readonly last: TrafficPoint;
}) {
  const t = useTranslations('overview.traffic');
  const rate = useRate();
  const zone = useViewerZone();
  const shown = points.map((point) => ({
    at: Date.parse(point.at),
    values: {
      cvm: isRate(point.cvm) ? point.cvm : null,
      function: isRate(point.function) ? point.function : null,
    },
  }));
  const sums = shown.map(({ values }) => (values.cvm ?? 0) + (values.function ?? 0));
  const formatTime = (at: number) => formatInstant(new Date(at).toISOString(), zone, null);
  return (
    <div
      role="img"
      aria-label={t('chart', {
        name,
        from: formatTime(shown[0]?.at ?? 0),
        until: formatTime(Date.parse(last.at)),
        cvm: rate(last.cvm),
        function: rate(last.function),
      })}
      className="h-24"
    >
      <TimeChart
        isSmall
        points={shown}
        series={[
          { key: 'cvm', name: t('cvm'), look: 'cvm' },
          { key: 'function', name: t('function'), look: 'function' },
        ]}
        from={shown[0]?.at ?? 0}
        until={Date.parse(last.at)}
        top={scaleTop(sums, null)}
        format={rate}
        formatTime={formatTime}
      />
    </div>
  );
}

/** The use of a function's concurrency: the fill is in use, the marker shows the warm instances. */
function Concurrency({ use: { name, inUse, limit, warm } }: { readonly use: FunctionUse }) {
  const t = useTranslations('overview.traffic');
  const words =
    inUse === null
      ? limit === null
        ? t('useNothing')
        : t('useUnknown', { limit })
      : limit === null
        ? t('useUnread', { inUse })
        : t('use', { inUse, limit });
  const share = (value: number) => `${Math.min(100, (value / Math.max(1, limit ?? 1)) * 100)}%`;
  return (
    <div className="grid gap-1">
      <p className="flex flex-wrap justify-between gap-x-3 text-12 text-ink-2 tabular-nums">
        <span>
          {t('concurrency')} <span className="mono">{name}</span>
        </span>
        <span>
          <strong className="font-semibold text-ink">{words}</strong>
          {warm === null || warm === 0 ? null : <>, {t('warm', { warm })}</>}
        </span>
      </p>
      {inUse === null || limit === null ? null : (
        <div
          aria-hidden
          className="relative h-3 overflow-hidden rounded-sm bg-sunken ring-1 ring-line-strong ring-inset"
        >
          <div
            className={classes('h-full', inUse >= limit * 0.8 ? 'bg-bad' : 'bg-hatch-scf')}
            style={{ width: share(inUse) }}
          />
          {warm === null || warm === 0 ? null : (
            <i className="absolute inset-y-0 w-0.5 bg-ink" style={{ left: share(warm) }} />
          )}
        </div>
      )}
    </div>
  );
}

/** The reason why a figure is missing or outdated. */
function Why({
  row: { why, error },
  last,
}: {
  readonly row: TrafficRowView;
  readonly last: TrafficPoint | undefined;
}) {
  const t = useTranslations('overview.traffic');
  const hasGap =
    last !== undefined &&
    (last.cvm === null || last.function === null || last.functions.some(({ inUse }) => inUse === null));
  return (
    <div className="grid gap-0.5 text-12 text-ink-2 empty:hidden">
      {why === 'off' || why === 'notYet' ? <p>{t(`why.${why}`)}</p> : null}
      {error === null ? null : (
        <div>
          <Status tone="warn">
            <span className="whitespace-normal">
              {t('error', { code: error.code, message: error.message })}
            </span>
          </Status>
          {error.requestId === null ? null : (
            <p className="mono pl-5">{t('request', { id: error.requestId })}</p>
          )}
        </div>
      )}
      {hasGap ? <p>{t('noDataWhy')}</p> : null}
      {last?.lagMs ? <p>{t('lag', { lag: formatDuration(last.lagMs) })}</p> : null}
    </div>
  );
}
