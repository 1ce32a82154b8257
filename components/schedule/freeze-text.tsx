import { useTranslations } from 'next-intl';
import { Time } from '@/components/ui/time';
import type { FreezeView } from '@/lib/contract/schedule';
import { daysOfWeek } from '@/lib/diversion/freeze-times';

const clock = (minute: number) =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

type FreezeTextProps = { readonly freeze: Pick<FreezeView, 'span' | 'isUnread'>; readonly zone?: string };

/** The time of a freeze window. */
export function FreezeText({ freeze: { span, isUnread }, zone }: FreezeTextProps) {
  const t = useTranslations('schedule.freezes');
  if (isUnread) return t('unread');
  if (span.kind === 'daily') {
    const { fromMinute, toMinute, weekdays } = span;
    const days = daysOfWeek
      .filter(({ day }) => weekdays?.includes(day) ?? true)
      .map(({ name }) => t(`short.${name}`));
    return t(toMinute > fromMinute ? 'daily' : 'dailyOver', {
      days: weekdays === undefined ? t('everyDay') : days.join(', '),
      from: clock(fromMinute),
      to: clock(toMinute),
      zone: span.zone,
    });
  }
  return t.rich('once', {
    from: () => <Time at={span.from} pageZone={zone} />,
    to: () => <Time at={span.to} pageZone={zone} />,
  });
}
