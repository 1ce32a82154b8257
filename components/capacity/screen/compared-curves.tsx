import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Select } from '@/components/ui/select';
import type { ComparedScenario } from './comparison-charts';
import { ComparisonCharts } from './comparison-charts';

type ComparedCurvesProps = {
  readonly current: ComparedScenario;
  /** The scenarios that can be drawn beside it, at least one. */
  readonly others: readonly ComparedScenario[];
};

/** The curves of the scenario over those of another one, which is chosen. */
export function ComparedCurves({ current, others }: ComparedCurvesProps) {
  const t = useTranslations('capacity.compare');
  const [name, setName] = useState('');
  const second = others.find((other) => other.name === name) ?? others[0];
  if (second === undefined) return null;
  return (
    <section aria-labelledby="compared-curves" className="grid min-w-0 gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <h2 id="compared-curves">{t('curves')}</h2>
        <div className="w-40">
          <Select
            aria-label={t('over')}
            size="sm"
            value={second.name}
            onChange={setName}
            options={others.map((other) => ({ value: other.name, label: other.name }))}
          />
        </div>
        {second.scenario.startsAt === current.scenario.startsAt ? null : (
          <p className="text-12 text-ink-2">{t('fromStart')}</p>
        )}
      </div>
      <ComparisonCharts first={current} second={second} />
    </section>
  );
}
