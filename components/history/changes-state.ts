/** The selection of changes, kept in the address. */
export type ChangesState = {
  /** ISO instants; null = a day ago, and now. */
  readonly from: string | null;
  readonly to: string | null;
  /** The time zone in which times are shown; null = the browser's own. */
  readonly zone: string | null;
  readonly search: string;
  /** Also show changes without an actor, such as the health of targets. */
  readonly all: boolean;
};

const instant = (text: string | null): string | null =>
  text !== null && !Number.isNaN(Date.parse(text)) ? new Date(text).toISOString() : null;

function parseZone(text: string | null): string | null {
  if (!text) return null;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}

/** Parses an instant and a zone from an address; an invalid value counts as missing. */
export function parseMoment(params: URLSearchParams, name: string) {
  return { at: instant(params.get(name)), zone: parseZone(params.get('zone')) };
}

/** Parses the state from an address; missing or invalid values get the default. */
export function parseChangesState(params: URLSearchParams): ChangesState {
  const { at: from, zone } = parseMoment(params, 'from');
  const { at: to } = parseMoment(params, 'to');
  return { from, to, zone, search: params.get('q') ?? '', all: params.get('all') === '1' };
}

/** Writes the state into an address and keeps its other parameters; defaults are left out. */
export function writeChangesState(params: URLSearchParams, state: ChangesState): URLSearchParams {
  const next = new URLSearchParams(params);
  const put = (name: string, value: string | null) => (value ? next.set(name, value) : next.delete(name));
  put('from', state.from);
  put('to', state.to);
  put('zone', state.zone);
  put('q', state.search);
  put('all', state.all ? '1' : null);
  return next;
}
