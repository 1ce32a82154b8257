import { useTranslations } from 'next-intl';
import { peakPoints } from '@/components/capacity/model/peak-points';
import { scaleTop } from '@/components/charts/scale-top';
import type { CapacityResult, SeriesName } from '@/lib/capacity/result';
import type { CapacityScenario } from '@/lib/capacity/scenario/scenario';
import { useCapacityFormat } from './capacity-format';
import { ChartPanel, pointsMost, rowsMost } from './chart-panel';

/** One side of a comparison. */
export type ComparedScenario = {
  readonly name: string;
  readonly scenario: CapacityScenario;
  readonly result: CapacityResult;
};

type ComparisonChartsProps = {
  /** Drawn solid, and dashed. */
  readonly first: ComparedScenario;
  readonly second: ComparedScenario;
};

const quantities = [
  ...(['demand', 'served', 'refused', 'concurrency', 'provisioned'] as const),
  ...(['functionShare', 'waitP95S', 'cost'] as const),
] satisfies readonly SeriesName[];
type Quantity = (typeof quantities)[number];

/** The curves of two scenarios over each other, one chart for each quantity. Each begins at its own start. */
export function ComparisonCharts({ first, second }: ComparisonChartsProps) {
  const hasOneCurrency = first.result.cost.currency === second.result.cost.currency;
  return (
    <div className="grid min-w-0 gap-4 xl:grid-cols-2">
      {quantities
        .filter((quantity) => quantity !== 'cost' || hasOneCurrency)
        .map((quantity) => (
          <QuantityChart key={quantity} {...{ quantity, first, second }} />
        ))}
    </div>
  );
}

function QuantityChart({ quantity, first, second }: ComparisonChartsProps & { readonly quantity: Quantity }) {
  const t = useTranslations('capacity.compare');
  const { startsAt } = first.scenario;
  // Of two that start at different times, times count from the start.
  const isTogether = startsAt === second.scenario.startsAt;
  const format = useCapacityFormat(isTogether ? startsAt : null);
  const startMs = isTogether && startsAt !== null ? Date.parse(startsAt) : 0;
  const write = useWriter(quantity, first.result.cost.currency);
  const sides = [
    { ...first, key: 'first', look: 'value' },
    { ...second, key: 'second', look: 'other' },
  ] as const;
  const curves = sides.map(({ key, result }) => ({
    key,
    values: result.series[quantity],
    stepS: result.stepS,
  }));
  const peaks = curves.map(({ values }) => values.reduce((most, value) => Math.max(most, value), 0));
  const [peakA = 0, peakB = 0] = peaks;
  const untilS = Math.max(...sides.map(({ result }) => result.steps * result.stepS));
  const title = t(`quantity.${quantity}`);
  return (
    <ChartPanel
      title={title}
      text={t('chartText', {
        quantity: title,
        first: first.name,
        firstPeak: write(peakA),
        second: second.name,
        secondPeak: write(peakB),
      })}
      curves={sides.map(({ key, name, look }) => ({ key, name, look }))}
      points={peakPoints(curves, { most: pointsMost, startMs })}
      rows={peakPoints(curves, { most: rowsMost, startMs })}
      from={startMs}
      until={startMs + untilS * 1000}
      top={quantity === 'functionShare' ? 1 : scaleTop(peaks, null)}
      format={write}
      formatTick={quantity === 'waitP95S' || quantity === 'functionShare' ? write : format.number}
      formatTime={(at) => format.time((at - startMs) / 1000)}
    />
  );
}

/** Provides a function that writes a value of a quantity. */
function useWriter(quantity: Quantity, currency: string): (value: number) => string {
  const format = useCapacityFormat(null);
  switch (quantity) {
    case 'concurrency':
    case 'provisioned':
      return format.number;
    case 'functionShare':
      return (value) => `${format.percent(value)} %`;
    case 'waitP95S':
      return format.wait;
    case 'cost':
      return (value) => `${format.money(value)} ${currency}`;
    default:
      return format.rate;
  }
}
