import { addDays, instantOfWall, isZone } from '@/lib/diversion/wall-clock';

/** The view of the schedule, kept in the address so that a week can be shared. */
export type ScheduleAddress = {
  readonly view: 'week' | 'list';
  /** The Monday of the week shown; null = the current week. */
  readonly week: string | null;
  /** The date of the evening of the single displayed night; null = the whole week. */
  readonly night: string | null;
  /** The time zone in which times are shown; null = the browser's own. */
  readonly zone: string | null;
};

/** Returns the Monday of the week that contains a date, or null if the text is not a date. */
export function parseMonday(date: string): string | null {
  const at = instantOfWall({ date, time: '00:00' }, 'UTC');
  return at === null ? null : addDays(date, -((new Date(at).getUTCDay() + 6) % 7));
}

/** Returns the date unchanged, or null if the text is not a date. */
function parseDate(date: string): string | null {
  return instantOfWall({ date, time: '00:00' }, 'UTC') === null ? null : date;
}

/** Parses a view from an address; missing or invalid values get the default. */
export function parseScheduleAddress(query: URLSearchParams): ScheduleAddress {
  const zone = query.get('zone');
  return {
    view: query.get('view') === 'list' ? 'list' : 'week',
    week: parseMonday(query.get('week') ?? ''),
    night: parseDate(query.get('night') ?? ''),
    zone: zone !== null && isZone(zone) ? zone : null,
  };
}

/** Writes a view into a query and keeps its other parameters; defaults are left out. */
export function writeScheduleAddress(
  query: URLSearchParams,
  { view, week, night, zone }: ScheduleAddress,
): URLSearchParams {
  const next = new URLSearchParams(query);
  const put = (name: string, value: string | null) =>
    value === null ? next.delete(name) : next.set(name, value);
  put('view', view === 'list' ? 'list' : null);
  put('week', week);
  put('night', night);
  put('zone', zone);
  return next;
}
