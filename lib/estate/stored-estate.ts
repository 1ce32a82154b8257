import { Estate, estateFormat } from './model';

/**
 * A snapshot as it was stored, by this version or another one. What an earlier one did not read is unknown in it: a gap
 * where nothing in the snapshot itself tells so.
 * @returns null when it is of a version that this one does not know: as if there was none
 */
export function readStoredEstate(stored: unknown): Estate | null {
  // One that we wrote ourselves was right when it was written: not worth the time to check it whole.
  if (isCurrent(stored)) return stored;
  const format = formatOf(stored);
  if (format === null) return null;
  const { data: estate } = Estate.safeParse({ ...Object(stored), format: estateFormat });
  if (estate === undefined) return null;
  const reason = 'an earlier version of Spillway took this snapshot; refresh to read it';
  const inRegions = (part: string) => estate.regions.map((region) => `${part}/${region}`);
  const unread = [
    ...(format === 1 ? ['ssl', ...inRegions('clb-config')] : []),
    ...(format < 3 ? [...inRegions('vpc'), ...inRegions('zones')] : []),
  ];
  return { ...estate, gaps: [...estate.gaps, ...unread.map((part) => ({ part, reason }))] };
}

/** Returns the format that a snapshot was stored in; the first had no number. null = one that this build does not know. */
function formatOf(stored: unknown): number | null {
  const { format = 1 } = Object(stored);
  return typeof format === 'number' && format <= estateFormat ? format : null;
}

function isCurrent(stored: unknown): stored is Estate {
  return Object(stored).format === estateFormat;
}
