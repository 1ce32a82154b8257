import { type Demand, demandPointsMax, demandRpsMax, eventMaxS, roundPoint } from './demand';

/** The maximum of characters of an imported file: 1 MB. */
export const seriesCharactersMax = 1_048_576;

export type SeriesProblem = {
  readonly kind:
    | ('tooLarge' | 'tooManyRows' | 'noRows' | 'columns')
    | ('time' | 'number' | 'negative' | 'large' | 'decimalComma' | 'order' | 'interval' | 'tooLong');
  /** From 1; 0 = the whole file. */
  readonly line: number;
  /** From 1; 0 = the whole line. */
  readonly column: number;
  /** The text that was found, shortened; and the limit, where that is a number. */
  readonly found: string;
  readonly most?: number;
};

export type ParsedSeries =
  | {
      readonly ok: true;
      readonly demand: Demand & { readonly kind: 'series' };
      readonly firstAt: string | null;
    }
  | { readonly ok: false; readonly problem: SeriesProblem };

/**
 * Parses a series of requests per second: two columns, separated by a comma, semicolon or tab. The first is a time: an
 * instant (`2026-11-11T00:00:00Z`), `HH:MM` or `HH:MM:SS`, which may pass midnight, seconds, or the seconds or milliseconds
 * since 1970; the second is a number. A first line of names is skipped, and so are empty lines. Times must ascend by the
 * same interval. Four digits of each number are kept.
 * @param startS the time of the first row, in seconds of the scenario; null = the times themselves, if they are seconds
 */
export function parseSeries(text: string, startS: number | null = null): ParsedSeries {
  if (text.length > seriesCharactersMax)
    return refuse('tooLarge', 0, 0, String(text.length), seriesCharactersMax);
  const rows: Row[] = [];
  let firstAt: string | null = null;
  let hasNames = false;
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  for (const [index, content] of lines.entries()) {
    if (content.trim() === '') continue;
    const line = index + 1;
    const cells = content.split(/[,;\t]/).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
    if (/^[^,;\t]+[;\t]"?\d+,\d+"?$/.test(content.trim())) return refuse('decimalComma', line, 2, content);
    if (cells.length !== 2) return refuse('columns', line, 0, content);
    const [time = '', value = ''] = cells;
    const s = passMidnight(readTime(time), time, rows);
    const rps = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value) ? Number(value) : Number.NaN;
    // Names of columns, in one line.
    if (!hasNames && rows.length === 0 && s === null && Number.isNaN(rps)) {
      hasNames = true;
      continue;
    }
    if (s === null) return refuse('time', line, 1, time);
    if (!Number.isFinite(rps)) return refuse('number', line, 2, value);
    if (rps < 0) return refuse('negative', line, 2, value);
    if (rps > demandRpsMax) return refuse('large', line, 2, value, demandRpsMax);
    if (rows.length >= demandPointsMax) return refuse('tooManyRows', line, 0, '', demandPointsMax);
    if (rows.length === 0 && time.includes('-') && time.includes('T')) firstAt = time;
    rows.push({ line, s, rps });
  }
  const [first, second] = rows;
  if (first === undefined) return refuse('noRows', 0, 0, '');
  const intervalS = second === undefined ? 60 : second.s - first.s;
  for (const [index, { line, s }] of rows.entries()) {
    const before = rows[index - 1];
    if (before === undefined) continue;
    if (s <= before.s) return refuse('order', line, 1, String(s - before.s));
    // Files round their times.
    if (Math.abs(s - before.s - intervalS) > 0.01 * intervalS)
      return refuse('interval', line, 1, String(s - before.s), intervalS);
  }
  const lengthS = rows.length * intervalS;
  if (lengthS > eventMaxS) return refuse('tooLong', 0, 0, String(lengthS), eventMaxS / dayS);
  if (intervalS > 86_400) return refuse('interval', second?.line ?? 0, 1, String(intervalS), 86_400);
  // Those of a scenario; others are since 1970.
  const isSeconds = first.s >= -86_400 && first.s <= eventMaxS;
  return {
    ok: true,
    firstAt,
    demand: {
      kind: 'series',
      startS: startS ?? (isSeconds ? first.s : 0),
      intervalS,
      rps: rows.map(({ rps }) => roundPoint(rps)),
      scale: 1,
    },
  };
}

function refuse(
  kind: SeriesProblem['kind'],
  line: number,
  column: number,
  found: string,
  most?: number,
): ParsedSeries {
  const problem = { kind, line, column, found: found.slice(0, 60) };
  return { ok: false, problem: most === undefined ? problem : { ...problem, most } };
}

type Row = { readonly line: number; readonly s: number; readonly rps: number };

const dayS = 86_400;

/** Returns the seconds of a clock time that comes after midnight, if those before it came before; others as they are. */
function passMidnight(s: number | null, time: string, rows: readonly Row[]): number | null {
  const before = rows.at(-1)?.s;
  if (s === null || before === undefined || !time.includes(':') || time.includes('-')) return s;
  const days = Math.floor(before / dayS) * dayS;
  const sameDay = s + days;
  // Later rather than much earlier: rows that are not in order are refused.
  return before - sameDay > dayS / 2 ? sameDay + dayS : sameDay;
}

/** Seconds since 1970 have fewer digits until the year 5138. */
const leastMs = 100_000_000_000;

/** Returns a time in seconds, from any origin; null = not a time. */
function readTime(text: string): number | null {
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text) >= leastMs ? Number(text) / 1000 : Number(text);
  const clock = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text);
  if (clock !== null) {
    const [, hours = '', minutes = '', seconds = '0'] = clock;
    if (Number(minutes) > 59 || Number(seconds) > 59) return null;
    return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  }
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : at / 1000;
}
