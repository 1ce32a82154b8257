import { useTranslations } from 'next-intl';
import { CloudErrorBlock } from '@/components/cloud-error/cloud-error-block';
import { Callout, FailureCallout } from '@/components/ui/banner';
import { formatInstant } from '@/components/ui/format-time';
import { SegmentedField } from '@/components/ui/segmented';
import { type GapFilling, gapFillings, type HistorySeries } from '@/lib/capacity/demand/history-series';
import type { TrafficHistoryView } from '@/lib/contract/capacity';
import { useCapacityFormat } from './capacity-format';

/** The place of a series in the scenario: its highest point at the event, or its start at the start. */
export const seriesPlaces = ['event', 'start'] as const;
export type SeriesPlace = (typeof seriesPlaces)[number];

/** The most gaps that are listed. */
const gapsMost = 5;

type HistoryResultProps = {
  /** undefined = there is no answer yet. */
  readonly view: TrafficHistoryView | undefined;
  readonly isUnread: boolean;
  readonly series: HistorySeries | null;
  readonly zone: string;
  readonly filling: GapFilling;
  readonly onFilling: (filling: GapFilling) => void;
  readonly where: SeriesPlace;
  readonly onPlace: (where: SeriesPlace) => void;
};

/** The requests that were read, with what Monitor does not have, or the reason why there are none. */
export function HistoryResult({ view, isUnread, series, ...shown }: HistoryResultProps) {
  const t = useTranslations('capacity.monitor');
  if (isUnread) return <FailureCallout title={t('unread')}>{t('unreadNote')}</FailureCallout>;
  if (view === undefined || view.state === 'running')
    return (
      <p role="status" className="text-12 text-ink-2">
        {t('reading')}
      </p>
    );
  if (view.state === 'refused')
    return <FailureCallout title={t('refused')}>{t(`problem.${view.problem}`)}</FailureCallout>;
  if (view.state === 'failed')
    return (
      <FailureCallout title={t('failed')}>
        {view.error === null ? null : <CloudErrorBlock error={view.error} />}
      </FailureCallout>
    );
  if (series === null || series.demand === null)
    return (
      <Callout tone="warn" title={t('empty')}>
        {t('emptyNote')}
      </Callout>
    );
  return <Measured series={series} periodS={series.demand.intervalS} {...shown} />;
}

type MeasuredProps = Omit<HistoryResultProps, 'view' | 'isUnread' | 'series'> & {
  readonly series: HistorySeries;
  readonly periodS: number;
};

function Measured({ series, periodS, zone, filling, onFilling, where, onPlace }: MeasuredProps) {
  const t = useTranslations('capacity.monitor');
  const format = useCapacityFormat(null);
  const { gaps, peakRps, meanRps, demand } = series;
  const missing = gaps.reduce((sum, { periods }) => sum + periods, 0);
  const listed = gaps
    .slice(0, gapsMost)
    .map(({ from, until }) => `${formatInstant(from, zone, null)} – ${formatInstant(until, zone, null)}`)
    .join('; ');
  return (
    <div className="grid gap-3">
      <p role="status">
        {t('measured', {
          count: demand?.rps.length ?? 0,
          minutes: periodS / 60,
          peak: format.rate(peakRps),
          mean: format.rate(meanRps),
        })}
      </p>
      {missing === 0 ? null : (
        <>
          <Callout tone="warn" title={t('gaps', { missing, all: demand?.rps.length ?? 0 })}>
            {t('gapList', { list: listed, more: Math.max(0, gaps.length - gapsMost) })}
          </Callout>
          <SegmentedField
            label={t('filling')}
            value={filling}
            onChange={onFilling}
            options={gapFillings.map((value) => ({ value, label: t(`fillings.${value}`) }))}
          />
        </>
      )}
      <SegmentedField
        label={t('where')}
        note={t(`whereNotes.${where}`)}
        value={where}
        onChange={onPlace}
        options={seriesPlaces.map((value) => ({ value, label: t(`wheres.${value}`) }))}
      />
    </div>
  );
}
