import type { Estate } from './model';

/**
 * A part of the estate, from the whole to the single thing. A gap on a part covers all that is below it.
 * A gap on a rule means that the rule is not shown whole: it answers for further domains.
 */
export type EstatePart =
  | 'account'
  | 'dnspod'
  | `dnspod/${string}`
  | `clb/${string}`
  | `scf/${string}`
  | `cvm/${string}`;

/** Whether this part could not be read: it, or a part that it belongs to, is a gap. What is missing there may exist. */
export function isUnread(estate: Pick<Estate, 'gaps'>, part: EstatePart): boolean {
  return estate.gaps.some((gap) => part === gap.part || part.startsWith(`${gap.part}/`));
}
