import { aheadDaysDefault, type RecurrenceRule } from '@/lib/diversion/recurrence';

const minuteMs = 60_000;

/** Returns a rule with daily occurrences of one hour, beginning a few hours from now. */
export function testRule(change: Partial<RecurrenceRule> = {}, inHours = 3): RecurrenceRule {
  const first = new Date(Date.now() + inHours * 60 * minuteMs);
  const startMinute = first.getUTCHours() * 60 + first.getUTCMinutes();
  const end = startMinute + 60;
  return {
    days: { kind: 'daily' },
    startMinute,
    endMinute: end % 1440,
    endsAfterDays: end >= 1440 ? 1 : 0,
    zone: 'UTC',
    from: first.toISOString().slice(0, 10),
    until: { kind: 'never' },
    aheadDays: aheadDaysDefault,
    ...change,
  };
}
