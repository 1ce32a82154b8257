import { useFormatter, useTranslations } from 'next-intl';
import { formatDuration, formatInstant } from '@/components/ui/format-time';
import { useViewerZone } from '@/components/ui/time';
import type { CapacityLimit } from '@/lib/capacity/result';

/** Formats a time of a scenario without an instant, in seconds from its start, as `+1:05:00`. */
function formatOffset(seconds: number): string {
  const whole = Math.round(Math.abs(seconds));
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  return `${seconds < 0 ? '−' : '+'}${hours}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}

/** Returns functions that format the figures of a scenario. */
export function useCapacityFormat(startsAt: string | null) {
  const format = useFormatter();
  const zone = useViewerZone();
  const number = (value: number) =>
    format.number(value, { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 });
  return {
    number,
    count: (value: number) => format.number(value, { maximumFractionDigits: 0 }),
    /** A share as a percentage without its sign. */
    percent: (share: number) => format.number(share * 100, { maximumFractionDigits: share < 0.1 ? 2 : 1 }),
    rate: (value: number) => `${number(value)} req/s`,
    wait: (seconds: number) => formatDuration(seconds * 1000),
    money: (amount: number) =>
      format.number(amount, { minimumFractionDigits: 2, maximumFractionDigits: amount < 0.1 ? 4 : 2 }),
    /** The price of one unit, which may be very small. */
    price: (amount: number) => format.number(amount, { maximumSignificantDigits: 4 }),
    /** @param atS in seconds of the scenario */
    time: (atS: number) =>
      startsAt === null
        ? formatOffset(atS)
        : formatInstant(new Date(Date.parse(startsAt) + atS * 1000).toISOString(), zone, null),
    /** The day of a time of the scenario; null = the scenario has no instants. */
    date: (atS: number) =>
      startsAt === null
        ? null
        : format.dateTime(new Date(Date.parse(startsAt) + atS * 1000), {
            dateStyle: 'medium',
            timeZone: zone,
          }),
  };
}

/** Provides a function that names a limit with its value, as its line in a chart does. */
export function useLimitLabel(): (limit: CapacityLimit) => string {
  const t = useTranslations('capacity.limits');
  const { count } = useCapacityFormat(null);
  return ({ kind, name, value, unit }) => {
    const text = `${t(`kind.${kind}`, { name })} ${count(value)}`;
    // Of instances, the name says what they are.
    return unit === 'instances' || unit === 'connections' ? text : `${text} ${t(`unit.${unit}`)}`;
  };
}
