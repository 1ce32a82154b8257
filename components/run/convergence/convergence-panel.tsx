'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { Callout } from '@/components/ui/banner';
import { formatDuration } from '@/components/ui/format-time';
import { Panel } from '@/components/ui/panel';
import { PartBoundary } from '@/components/ui/part-boundary';
import { readExisting } from '@/lib/client/fetch-json';
import { queryKeys, slowMs } from '@/lib/client/queries';
import type { RunConvergenceView } from '@/lib/contract/run-convergence';
import { type ConvergenceTimes, getLastConvergence, milestones } from '@/lib/run/model/convergence';
import type { RunView } from '@/lib/run/model/model';
import { ConvergenceChart } from './convergence-chart';
import { VantageTable } from './vantage-table';

/** The times after which shares of the answers were current. */
function Reached({ reached }: { readonly reached: readonly ConvergenceTimes[] }) {
  const t = useTranslations('run.convergence');
  if (reached.length === 0) return null;
  const describe = ({ reachedMs }: ConvergenceTimes) =>
    milestones.map((percent) => {
      const ms = reachedMs[percent];
      return ms === null
        ? t('notReached', { percent })
        : t('reachedAfter', { percent, time: formatDuration(ms) });
    });
  return (
    <ul className="grid gap-1 text-12 tabular-nums">
      {reached.map((each) => (
        <li key={each.direction}>
          {t('reached', { direction: each.direction, times: describe(each).join(', ') })}
        </li>
      ))}
    </ul>
  );
}

type ConvergencePanelProps = { readonly run: Pick<RunView, 'id' | 'cutover'> };

/** The answers of resolvers and agents about the names that a run moves. Renders nothing if its plan moves none. */
export function ConvergencePanel({ run }: ConvergencePanelProps) {
  const t = useTranslations('run.convergence');
  const { data, isError } = useQuery({
    // Each round is pushed with those of the charts.
    queryKey: [...queryKeys.runCharts(run.id), 'convergence'],
    queryFn: ({ signal }) => readExisting('run.getConvergence', run.id, signal),
    refetchInterval: slowMs,
  });
  if (data === undefined)
    return isError ? (
      <Panel title={t('title')}>
        <p className="text-12 text-ink-2">{t('unread')}</p>
      </Panel>
    ) : null;
  if (data.state === 'none') return null;
  return (
    // A server of another build may respond in another format: the commands beside it must stay usable.
    <PartBoundary data={data} instead={<p className="text-12 text-ink-2">{t('unread')}</p>}>
      <Panel title={t('title')} aside={<ShareNow view={data} />} isFolded>
        <div className="grid gap-4">
          {isError ? <Callout tone="warn">{t('unread')}</Callout> : null}
          <p className="text-12 text-ink-2">
            {t(`state.${data.state}`)}
            {data.names.length === 0 ? null : (
              <> {t('about', { ttl: Math.max(...data.names.map(({ ttlS }) => ttlS)) })}</>
            )}
            {data.asked < data.names.length ? (
              <> {t('askedOf', { asked: data.asked, names: data.names.length })}</>
            ) : null}
          </p>
          <Reached reached={data.reached} />
          {data.points.length === 0 ? null : <ConvergenceChart view={data} zone={run.cutover?.zone} />}
          {data.vantages.length === 0 ? null : <VantageTable view={data} />}
        </div>
      </Panel>
    </PartBoundary>
  );
}

/** The share of current answers now; once no answers are collected any more, that of the last count. */
function ShareNow({ view: { state, share, names, points } }: { readonly view: RunConvergenceView }) {
  const t = useTranslations('run.convergence');
  if (names.length === 0) return null;
  const last = state === 'on' ? null : getLastConvergence(points);
  const now = share === null ? t('noShare') : t('now', { share: Math.floor(share) });
  return (
    <strong className="text-12 font-semibold text-ink tabular-nums">
      {last === null ? now : t('last', { share: Math.floor(last) })}
    </strong>
  );
}
