import { useFormatter, useTranslations } from 'next-intl';
import type { RunChartsView } from '@/lib/contract/run-charts';
import type { SplitTest } from '@/lib/run/model/dns-split';
import { countExceptions, roundPercent } from '@/lib/statistics/binomial';

/** Smaller probabilities are not told apart. */
const smallestP = 0.001;

/** The shares of the function in requests and in DNS answers beside the planned one; the test is in the tooltip. */
export function SplitTests({ split, dnsSplit }: Pick<RunChartsView, 'split' | 'dnsSplit'>) {
  const t = useTranslations('run.charts.split');
  const describe = useTestWords();
  const exceptions = (test: SplitTest) => {
    const count = countExceptions(test, test.intended);
    return count === 0
      ? ''
      : ` ${t('exceptions', { count, side: test.intended === 0 ? 'function' : 'cvm' })}`;
  };
  if (split === null && dnsSplit === null) return null;
  return (
    <ul aria-label={t('title')} className="grid gap-1 text-12">
      {split === null ? null : (
        <li title={t('requestsBy', describe(split))}>
          {t('requests', describe(split))}
          {exceptions(split)}
        </li>
      )}
      {dnsSplit === null ? null : (
        <li title={t('dnsBy', { ...describe(dnsSplit), resolvers: dnsSplit.resolvers })}>
          {t('dns', describe(dnsSplit))}
        </li>
      )}
    </ul>
  );
}

/** Returns a function that writes the numbers of a test. */
function useTestWords() {
  const format = useFormatter();
  const percent = (value: number) =>
    format.number(roundPercent(value * 100, 1), { maximumFractionDigits: 1 });
  return ({ share, low, high, intended, n, pValue }: SplitTest) => ({
    share: percent(share),
    low: percent(low),
    high: percent(high),
    intended: percent(intended),
    result: intended >= low && intended <= high ? 'chance' : 'real',
    count: n,
    // Its parts stay on one line.
    p:
      pValue < smallestP
        ? `<\u00a0${smallestP}`
        : `=\u00a0${format.number(pValue, { maximumFractionDigits: 3 })}`,
  });
}
