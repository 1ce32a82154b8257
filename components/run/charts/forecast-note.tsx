import { useFormatter, useTranslations } from 'next-intl';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import type { ForecastSource, RunForecastView } from '@/lib/client/runs/run-forecast-views';
import { routes } from '@/lib/routes';
import type { ForecastDeviation } from '@/lib/run/model/forecast/compare-forecast';
import { roundPercent } from '@/lib/statistics/binomial';
import { roundChartPercent } from './chart-data';

type ForecastNoteProps = { readonly forecast: RunForecastView; readonly zone: string | undefined };

/** The origin of the forecast in the charts, and where measurements differ from it by much. */
export function ForecastNote({ forecast, zone }: ForecastNoteProps) {
  const t = useTranslations('run.charts.forecast');
  const { source, missing, deviations } = forecast;
  return (
    <section aria-label={t('title')} className="grid gap-1 text-12">
      <p className="text-ink-2">
        {source === null ? t('missing', { reason: missing ?? 'noDemand' }) : null}
        {source === null ? null : <Source source={source} zone={zone} />}
      </p>
      {deviations.length === 0 ? null : (
        <ul className="grid gap-1">
          {deviations.map((deviation) => (
            <li key={deviation.figure}>
              <Deviation deviation={deviation} zone={zone} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Source({ source, zone }: { readonly source: ForecastSource; readonly zone: string | undefined }) {
  const t = useTranslations('run.charts.forecast.source');
  const rate = useRate();
  const at = (iso: string) => <Time at={iso} {...(zone === undefined ? {} : { zone })} />;
  switch (source.kind) {
    case 'rehearsal':
      return t.rich('rehearsal', {
        link: () => <TextLink href={routes.rehearsal(source.id)}>{source.id}</TextLink>,
        time: () => at(source.at),
      });
    case 'expected':
      return t('expected', { rate: rate(source.peakRps) });
    case 'before':
    case 'first':
      return t.rich(source.kind, { rate: rate(source.rps), time: () => at(source.at) });
  }
}

/** Returns a function that writes requests per second. */
function useRate(): (value: number) => string {
  const t = useTranslations('run.charts');
  const format = useFormatter();
  return (value) =>
    t('perSecond', { value: format.number(value, { maximumFractionDigits: value >= 10 ? 0 : 1 }) });
}

type DeviationProps = { readonly deviation: ForecastDeviation; readonly zone: string | undefined };

function Deviation({ deviation, zone }: DeviationProps) {
  const t = useTranslations('run.charts.forecast');
  const charts = useTranslations('run.charts');
  const format = useFormatter();
  const rate = useRate();
  const { figure, at, measured, forecast, isNow } = deviation;
  const number = (value: number) => format.number(value, { maximumFractionDigits: value >= 10 ? 0 : 1 });
  const write = (value: number) =>
    figure === 'requests'
      ? rate(value)
      : charts('percent', { value: format.number(roundChartPercent(value)) });
  const difference = Math.abs(measured - forecast);
  const by =
    figure !== 'requests'
      ? t('points', { value: number(difference) })
      : forecast === 0
        ? rate(difference)
        : charts('percent', {
            value: format.number(Math.round(roundPercent((difference / forecast) * 100, 0))),
          });
  return (
    <>
      <strong className="font-semibold text-warn-ink">
        {t.rich('deviation', {
          figure,
          by,
          side: measured > forecast ? 'above' : 'below',
          time: () => <Time at={at} {...(zone === undefined ? {} : { zone })} />,
        })}
      </strong>{' '}
      <span className="text-ink-2">
        {t('values', { measured: write(measured), forecast: write(forecast), isNow: String(isNow) })}
      </span>
    </>
  );
}
