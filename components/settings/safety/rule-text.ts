import { useTranslations } from 'next-intl';
import { daysOfWeek } from '@/lib/diversion/freeze-times';
import type { AssertionRule, BulkRule, DailySpan, SafetyRule } from '@/lib/safety/safety-rule';
import { allDays, timeText } from './rule-draft';

/** Returns the text of a rule in words: what it requires. */
export function useRuleText(): (rule: SafetyRule) => string {
  const t = useTranslations('safety');
  const dayNames = useTranslations('schedule.weekday');
  const assertionText = ({ requirement, sides, over }: AssertionRule) => {
    const count = 'count' in requirement ? requirement.count : 0;
    const what = t(`text.${requirement.kind}`, { count, sides: t(`sides.${sides}`) });
    return t(`text.${over}`, { what });
  };
  const bulkText = ({ unit, max, windowMinutes }: BulkRule) => {
    const what = t(`text.${unit}`, { max });
    return windowMinutes === null ? what : t('text.within', { what, minutes: windowMinutes });
  };
  const windowText = ({ fromMinute, toMinute, zone, weekdays = allDays }: DailySpan) => {
    const time = t('text.daily', { from: timeText(fromMinute), to: timeText(toMinute), zone });
    if (weekdays.length === allDays.length) return time;
    const days = daysOfWeek.flatMap(({ day, name }) => (weekdays.includes(day) ? [dayNames(name)] : []));
    return t('text.onDays', { time, days: days.join(', ') });
  };
  return (rule) => {
    switch (rule.kind) {
      case 'assertion':
        return assertionText(rule);
      case 'gating':
        return t(`text.${rule.condition}`);
      case 'bulk':
        return bulkText(rule);
      case 'protected':
        return rule.approvals === null ? t('text.never') : t('text.approvals', { count: rule.approvals });
      case 'hours':
        return rule.windows.map(windowText).join('; ');
    }
  };
}
