import type { Scheduler } from '../../world/clb';

/** How requests are spread: https://cloud.tencent.com/document/api/214/30694#RuleInput. */
export const schedulers: readonly Scheduler[] = ['WRR', 'LEAST_CONN', 'IP_HASH'];

/** The word that a request gives, which has passed its value rule; what is there at present when it gives none. */
export function chosen<T extends string>(given: string | undefined, known: readonly T[], present: T): T {
  return known.find((each) => each === given) ?? present;
}
