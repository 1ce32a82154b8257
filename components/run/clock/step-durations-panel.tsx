'use client';

import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { PartMissing } from '@/components/run/charts/part-missing';
import { formatDuration } from '@/components/ui/format-time';
import { Panel } from '@/components/ui/panel';
import { loadPart } from '@/lib/client/load-part';
import type { RunView } from '@/lib/run/model/model';
import { longest, type StepDuration, stepDurations } from './step-durations';

/** The chart library is large and renders only in a browser. */
const StepDurationsChart = dynamic(
  () =>
    loadPart(
      import('./step-durations-chart').then((module) => module.StepDurationsChart),
      PartMissing,
    ),
  { ssr: false },
);

const rowPx = 26;

/** The durations of calls and probes, beside the forecast. */
export function StepDurationsPanel({ run }: { readonly run: RunView }) {
  const t = useTranslations('run.chart');
  const durations = stepDurations(run);
  const slowest = longest(durations);
  const spoken = (seconds: number) => formatDuration(seconds * 1000);
  const entryName = (entry: StepDuration) =>
    entry.number === null ? t(`kind.${entry.kind}`) : `${entry.number}. ${entry.action}`;
  if (slowest === undefined) {
    return (
      <Panel title={t('title')}>
        <p className="text-12 text-ink-2">{t('empty')}</p>
      </Panel>
    );
  }
  const total = durations.reduce((sum, entry) => sum + entry.seconds, 0);
  return (
    <Panel
      title={t('title')}
      aside={
        <span className="text-12 text-ink-2 tabular-nums">
          {t('longest', { duration: spoken(slowest.seconds) })}
        </span>
      }
    >
      <div
        role="img"
        aria-label={t('label', {
          count: durations.length,
          total: spoken(total),
          longest: spoken(slowest.seconds),
          name: entryName(slowest),
        })}
        style={{ height: durations.length * rowPx + 28 }}
      >
        <StepDurationsChart
          rows={durations.map((entry) => ({
            id: entry.id,
            name: entryName(entry),
            seconds: entry.seconds,
            forecastS: entry.forecastS,
          }))}
          tookLabel={t('took')}
          forecastLabel={t('forecast')}
          format={spoken}
        />
      </div>
    </Panel>
  );
}
