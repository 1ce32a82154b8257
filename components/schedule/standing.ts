import type { ScheduledCutover } from '@/lib/client/views';
import type { RunState } from '@/lib/run/model';

const over: readonly RunState[] = ['done', 'reverted', 'closed'];

/** Whether nothing more happens to a cutover by itself. */
export function isOver({ state }: Pick<ScheduledCutover, 'state'>): boolean {
  return over.includes(state);
}

/** What is coming or under way by T0, soonest first, and what is over, newest first. */
export function splitByTime(cutovers: readonly ScheduledCutover[]) {
  const byT0 = cutovers.toSorted((a, b) => Date.parse(a.cutover.t0) - Date.parse(b.cutover.t0));
  return { coming: byT0.filter((each) => !isOver(each)), past: byT0.filter(isOver).reverse() };
}
