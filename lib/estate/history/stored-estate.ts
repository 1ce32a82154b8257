import { Estate, estateFormat } from '@/lib/estate/model';

/**
 * Reads a stored snapshot of this version or another one. Fields that an earlier version did not read are unknown: a
 * gap where nothing in the snapshot itself shows it.
 * @returns null when this build does not know the version: as if there were no snapshot
 */
export function readStoredEstate(stored: unknown): Estate | null {
  // One that we wrote ourselves was valid when it was written: a full check is not worth the time.
  if (isCurrent(stored)) return stored;
  const format = readFormat(stored);
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

/**
 * Returns the format in which a snapshot was stored; the first had no number. null = one that this build does not know.
 */
function readFormat(stored: unknown): number | null {
  const { format = 1 } = Object(stored);
  return typeof format === 'number' && format <= estateFormat ? format : null;
}

function isCurrent(stored: unknown): stored is Estate {
  return Object(stored).format === estateFormat;
}
