import type { Estate } from './model';

/**
 * A part of the estate, from the whole to the single thing. A gap on a part covers all that is below it.
 */
export type EstatePart =
  | 'account'
  | 'cam'
  | 'ssl'
  | 'dnspod-plans'
  | 'dnspod-lines'
  | `ssl/${string}`
  | `${'clb-health' | 'clb-quota' | 'clb-config' | 'scf-account' | 'vpc' | 'zones' | 'security-groups'}/${string}`
  | 'dnspod'
  | `dnspod/${string}`
  | `clb/${string}`
  | `scf/${string}`
  | `cvm/${string}`;

/**
 * Tells whether this part, or something in it, could not be read: what is listed of it may not be all. For whoever decides by what is
 * not there.
 */
export function isPartlyUnread(estate: Pick<Estate, 'gaps'>, part: EstatePart): boolean {
  return isUnread(estate, part) || estate.gaps.some((gap) => gap.part.startsWith(`${part}/`));
}

/** Whether this part could not be read: it, or a part that it belongs to, is a gap. What is missing there may exist. */
export function isUnread(estate: Pick<Estate, 'gaps'>, part: EstatePart): boolean {
  return estate.gaps.some((gap) => part === gap.part || part.startsWith(`${gap.part}/`));
}
