import { useFormatter, useTranslations } from 'next-intl';
import type { RunChartsView } from '@/lib/client/run-charts-views';

/** Smaller probabilities are not told apart. */
const smallestP = 0.001;

/** The measured share of the function with its interval, and the planned one, in words. */
export function SplitLine({ split }: Pick<RunChartsView, 'split'>) {
  const t = useTranslations('run.charts');
  const format = useFormatter();
  if (split === null) return null;
  const { share, low, high, intended, n, pValue } = split;
  const percent = (value: number) => format.number(value * 100, { maximumFractionDigits: 1 });
  const isChance = intended >= low && intended <= high;
  return (
    <p className="text-12">
      <strong className="font-semibold">
        {t('split', {
          share: percent(share),
          low: percent(low),
          high: percent(high),
          intended: percent(intended),
        })}
      </strong>{' '}
      <span className="text-ink-2">
        {t('splitBy', {
          result: isChance ? 'chance' : 'real',
          count: n,
          p:
            pValue < smallestP
              ? `< ${smallestP}`
              : `= ${format.number(pValue, { maximumFractionDigits: 3 })}`,
        })}
      </span>
    </p>
  );
}
