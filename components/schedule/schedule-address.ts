import { addDays, instantOfWall } from '@/lib/diversion/wall-clock';
import { Zone } from '@/lib/diversion/zone';

/** How the schedule is looked at: kept in the address, so that a week can be sent to someone. */
export type ScheduleAddress = {
  readonly view: 'week' | 'list';
  /** The Monday of the week that is shown; null = the week that has now. */
  readonly week: string | null;
  /** In which zone times are read; null = in that of the browser. */
  readonly zone: string | null;
};

/** The Monday of the week that has a date; null where the text is no date. */
export function mondayOf(date: string): string | null {
  const at = instantOfWall({ date, time: '00:00' }, 'UTC');
  return at === null ? null : addDays(date, -((new Date(at).getUTCDay() + 6) % 7));
}

/** Reads a view from an address; what is missing or odd gets the default. */
export function parseScheduleAddress(query: URLSearchParams): ScheduleAddress {
  const zone = Zone.safeParse(query.get('zone'));
  return {
    view: query.get('view') === 'list' ? 'list' : 'week',
    week: mondayOf(query.get('week') ?? ''),
    zone: zone.success ? zone.data : null,
  };
}

/** Writes a view into a query, next to what else stands in it; defaults are left out. */
export function writeScheduleAddress(
  query: URLSearchParams,
  { view, week, zone }: ScheduleAddress,
): URLSearchParams {
  const next = new URLSearchParams(query);
  const put = (name: string, value: string | null) =>
    value === null ? next.delete(name) : next.set(name, value);
  put('view', view === 'list' ? 'list' : null);
  put('week', week);
  put('zone', zone);
  return next;
}
