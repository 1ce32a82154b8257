import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { startWithSeries } from '@/components/capacity/model/with-series';
import { FileButton } from '@/components/ui/forms/file-button';
import { parseSeries, type SeriesProblem, seriesCharactersMax } from '@/lib/capacity/demand/parse-series';
import type { CapacityScenario } from '@/lib/capacity/scenario/scenario';

type ImportDemandProps = {
  readonly scenario: CapacityScenario;
  readonly onChange: (scenario: CapacityScenario) => void;
};

/**
 * Replaces the demand by that of a CSV file. The scenario becomes as long as the series, and starts with it; the event
 * stays at the same time after the start.
 */
export function ImportDemand({ scenario, onChange }: ImportDemandProps) {
  const t = useTranslations('capacity.inputs.import');
  const [problem, setProblem] = useState<SeriesProblem | null>(null);
  async function read(file: File) {
    // A larger file is not read at all.
    const text = file.size > seriesCharactersMax ? null : await file.text();
    const parsed = text === null ? tooLarge(file.size) : parseSeries(text, 0);
    setProblem(parsed.ok ? null : parsed.problem);
    if (!parsed.ok) return;
    onChange(startWithSeries(scenario, parsed.demand, parsed.firstAt));
  }
  return (
    <div className="grid gap-1">
      <FileButton label={t('label')} accept=".csv,text/csv" isBusy={false} onPick={(file) => void read(file)}>
        {t('open')}
      </FileButton>
      {problem === null ? null : (
        <p role="alert" className="text-12 break-words text-bad-ink">
          {t(`problem.${problem.kind}`, {
            line: problem.line,
            column: problem.column,
            found: problem.found,
            most: problem.most ?? 0,
          })}
        </p>
      )}
    </div>
  );
}

const tooLarge = (size: number) => ({
  ok: false as const,
  problem: { kind: 'tooLarge' as const, line: 0, column: 0, found: String(size), most: seriesCharactersMax },
});
