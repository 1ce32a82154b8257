import { useFormatter, useTranslations } from 'next-intl';
import { durationText } from '@/components/ui/duration-text';
import { formatDuration } from '@/components/ui/format-time';
import { roundPercent } from '@/lib/statistics/binomial';

/** Returns how the figures of a report are written, each with its unit. */
export function useFigure() {
  const format = useFormatter();
  const t = useTranslations('rehearsal');
  // 0 and 100 % are exactly that: a share of failures that is not 0 must not read so.
  const toPercent = (value: number, digits: number) =>
    format.number(roundPercent(value * 100, digits), { maximumFractionDigits: digits });
  const write = {
    share: (value: number) => `${toPercent(value, 2)}\u00a0%`,
    /** With one digit: for shares of events, which are few. */
    roundedShare: (value: number) => `${toPercent(value, 1)}\u00a0%`,
    roundedRange: (low: number, high: number) =>
      t('range', { low: toPercent(low, 1), high: toPercent(high, 1) }),
    count: (value: number) => format.number(value, { maximumFractionDigits: 0 }),
    /** Negative = before. */
    ms: (value: number) => `${value < 0 ? '−' : ''}${formatDuration(Math.round(Math.abs(value)))}`,
    /** Seconds after T0; negative = before. */
    afterT0: (seconds: number) => `${seconds < 0 ? '−' : '+'}${durationText(Math.round(Math.abs(seconds)))}`,
    cost: (value: number, currency: string) => format.number(value, { style: 'currency', currency }),
  };
  /** Writes a duration in seconds; null = not until the end. */
  const writeUntil = (seconds: number | null) =>
    seconds === null ? t('convergence.never') : durationText(Math.round(seconds));
  return { write, writeUntil };
}
