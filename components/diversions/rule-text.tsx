import { useTranslations } from 'next-intl';
import { daysOfWeek } from '@/lib/diversion/freeze-times';
import type { RecurrenceRule } from '@/lib/diversion/recurrence';

const twoDigits = (value: number) => String(value).padStart(2, '0');

/** Returns minutes after midnight as `20:00`. */
export function formatMinute(minute: number): string {
  return `${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}`;
}

/** A rule as text: its days, start, end and duration. */
export function RuleText({ rule }: { readonly rule: RecurrenceRule }) {
  const t = useTranslations('diversions.repeat');
  const { days, startMinute, endMinute, endsAfterDays, zone, from, until } = rule;
  const on =
    days.kind === 'daily'
      ? t('rule.daily')
      : days.kind === 'weekly'
        ? t('rule.weekly', {
            days: daysOfWeek
              .filter(({ day }) => days.weekdays.includes(day))
              .map(({ name }) => t(`weekday.${name}`))
              .join(', '),
          })
        : t(`rule.monthly.${days.shortMonth}`, { days: days.days.join(', '), count: days.days.length });
  const times = t('rule.times', {
    start: formatMinute(startMinute),
    end: formatMinute(endMinute),
    days: endsAfterDays,
    zone: zone.replaceAll('_', ' '),
  });
  const range =
    until.kind === 'date'
      ? t('rule.untilDate', { from, date: until.date })
      : until.kind === 'count'
        ? t('rule.untilCount', { from, count: until.count })
        : t('rule.from', { from });
  return `${on} ${times} ${range}`;
}
