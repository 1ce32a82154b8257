import type { ScheduledCutover } from '@/lib/contract/schedule';
import type { RunState } from '@/lib/run/model/model';

const over: readonly RunState[] = ['done', 'rolledBack', 'closed'];

/** Returns whether nothing more happens to a cutover automatically. */
export function isCutoverOver({ state }: Pick<ScheduledCutover, 'state'>): boolean {
  return over.includes(state);
}

/** Splits cutovers into those upcoming or in progress by T0, soonest first, and those that are over, newest first. */
export function splitByTime(cutovers: readonly ScheduledCutover[]) {
  const byT0 = cutovers.toSorted((a, b) => Date.parse(a.cutover.t0) - Date.parse(b.cutover.t0));
  return { coming: byT0.filter((each) => !isCutoverOver(each)), past: byT0.filter(isCutoverOver).reverse() };
}
