import { useFormatter, useTranslations } from 'next-intl';
import type { RunChartsView } from '@/lib/contract/run-charts';
import type { SplitTest } from '@/lib/run/model/dns-split';
import { countExceptions, roundPercent } from '@/lib/statistics/binomial';

/** Smaller probabilities are not told apart. */
const smallestP = 0.001;

/** The shares of the function in requests and in DNS answers, each tested against the planned one. */
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
    <ul aria-label={t('title')} className="grid gap-3 text-12">
      {split === null ? null : (
        <SplitLine
          test={split}
          share={`${t('requests', describe(split))}${exceptions(split)}`}
          by={t('requestsBy', describe(split))}
        />
      )}
      {dnsSplit === null ? null : (
        <SplitLine
          test={dnsSplit}
          share={t('dns', describe(dnsSplit))}
          by={t('dnsBy', { ...describe(dnsSplit), resolvers: dnsSplit.resolvers })}
        />
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

type SplitLineProps = { readonly test: SplitTest; readonly share: string; readonly by: string };

function SplitLine({ test, share, by }: SplitLineProps) {
  return (
    <li className="grid gap-1">
      <p>
        <strong className="font-semibold">{share}</strong> <span className="text-ink-2">{by}</span>
      </p>
      <SplitBar test={test} />
    </li>
  );
}

/** The interval of a share on a scale from 0 to 100 %, with the measured share and the planned one. */
function SplitBar({ test }: Pick<SplitLineProps, 'test'>) {
  const t = useTranslations('run.charts.split');
  const { share, low, high, intended } = test;
  const isInside = intended >= low && intended <= high;
  const words = useTestWords()(test);
  const x = (value: number) => `${value * 100}%`;
  const tone = isInside ? 'var(--accent)' : 'var(--bad)';
  return (
    <svg role="img" aria-label={t('bar', words)} className="h-4 w-full max-w-lg overflow-visible">
      <line x1="0" x2="100%" y1="8" y2="8" stroke="var(--line-strong)" />
      <rect x={x(low)} width={x(high - low)} y="4" height="8" rx="2" fill={tone} fillOpacity={0.3} />
      <line x1={x(intended)} x2={x(intended)} y1="0" y2="16" stroke="var(--ink)" strokeDasharray="4 3" />
      <circle cx={x(share)} cy="8" r="4" fill={tone} />
    </svg>
  );
}
