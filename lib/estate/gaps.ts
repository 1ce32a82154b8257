import type { Estate } from './model';

/** A part of the estate, from the whole to a single object. A gap in a part covers everything below it. */
export type EstatePart =
  | 'account'
  | 'cam'
  | 'ssl'
  | 'igtm'
  | 'dnspod-plans'
  | 'dnspod-lines'
  | `${'dnspod-plans' | 'dnspod-lines'}/${string}`
  | `${'ssl' | 'igtm'}/${string}`
  | `${'clb-health' | 'clb-protection' | 'clb-quota' | 'clb-config' | 'scf-account' | 'vpc' | 'zones' | 'security-groups'}/${string}`
  | 'dnspod'
  | `dnspod/${string}`
  | `clb/${string}`
  | `scf/${string}`
  | `cvm/${string}`;

/**
 * Returns whether this part, or something in it, could not be read, so that its lists may be incomplete. Use it before
 * a decision based on something missing.
 */
export function isPartlyUnread(estate: Pick<Estate, 'gaps'>, part: EstatePart): boolean {
  return isUnread(estate, part) || estate.gaps.some((gap) => gap.part.startsWith(`${part}/`));
}

/**
 * Returns whether this part could not be read: it, or a part that it belongs to, is a gap. Objects missing there may
 * exist.
 */
export function isUnread(estate: Pick<Estate, 'gaps'>, part: EstatePart): boolean {
  return estate.gaps.some((gap) => part === gap.part || part.startsWith(`${gap.part}/`));
}

/** Returns whether load balancers, or what is in them, could not be read in some region. */
export function hasUnreadLoadBalancers({ gaps, regions }: Pick<Estate, 'gaps' | 'regions'>): boolean {
  return regions.some((region) => isPartlyUnread({ gaps }, `clb/${region}`));
}
