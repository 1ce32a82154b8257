'use client';

import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { PartMissing } from '@/components/run/charts/part-missing';
import { numberSteps } from '@/components/steps/step-groups';
import { formatDuration } from '@/components/ui/format-time';
import { Panel } from '@/components/ui/panel';
import { loadPart } from '@/lib/client/load-part';
import type { Probe } from '@/lib/estate/probe';
import type { RunView } from '@/lib/run/model/model';
import { currentSteps } from '@/lib/run/model/ramp';
import { isOver } from '@/lib/run/model/run-effects';

/** One bar of the chart of durations, in seconds. Only writes are numbered. */
type StepDuration = {
  readonly id: string;
  readonly seconds: number;
  readonly forecastS: number;
} & (
  | { readonly number: number; readonly action: string }
  | { readonly number: null; readonly kind: Probe['kind'] }
);

/** Returns the calls and probes that have ended, in order. Waits are left out, because their duration is intended. */
export function stepDurations(run: RunView): readonly StepDuration[] {
  const views = currentSteps(run);
  return numberSteps(views.map((view) => view.step)).flatMap(({ step, number }): StepDuration[] => {
    const view = views.find((each) => each.step.id === step.id);
    if (view === undefined || !isOver(view) || step.kind === 'drain' || step.kind === 'bake') return [];
    const bar = { id: step.id, seconds: view.durationMs / 1000, forecastS: step.forecastMs / 1000 };
    if (step.kind === 'probe') return [{ ...bar, number: null, kind: step.probe.kind }];
    return number === null ? [] : [{ ...bar, number, action: step.call.action }];
  });
}

/** Returns the longest duration, for the sentence that describes the chart. */
export function longest(durations: readonly StepDuration[]): StepDuration | undefined {
  return durations.toSorted((a, b) => b.seconds - a.seconds)[0];
}

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
