import { Estate, estateFormat } from './model';

/**
 * A snapshot as it was stored, by this version or another one. What an earlier one did not read is unknown in it: a gap
 * where nothing in the snapshot itself tells so.
 * @returns null when it is of a version that this one does not know: as if there was none
 */
export function readStoredEstate(stored: unknown): Estate | null {
  // One that we wrote ourselves was right when it was written: not worth the time to check it whole.
  if (isCurrent(stored)) return stored;
  const { data: estate } = Estate.safeParse(stored);
  if (estate === undefined) return null;
  const reason = 'an earlier version of Spillway took this snapshot; refresh to read it';
  const unread = ['ssl', ...estate.regions.map((region) => `clb-config/${region}`)];
  return { ...estate, gaps: [...estate.gaps, ...unread.map((part) => ({ part, reason }))] };
}

function isCurrent(stored: unknown): stored is Estate {
  return Object(stored).format === estateFormat;
}
