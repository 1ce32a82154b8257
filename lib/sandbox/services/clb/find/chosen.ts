import type { Scheduler } from '@/lib/sandbox/world/clb';

/** The ways of distributing requests: https://cloud.tencent.com/document/api/214/30694#RuleInput. */
export const schedulers: readonly Scheduler[] = ['WRR', 'LEAST_CONN', 'IP_HASH'];

/** Returns the word in a request, which has passed its value rule; the present value when the request has none. */
export function chosen<T extends string>(given: string | undefined, known: readonly T[], present: T): T {
  return known.find((each) => each === given) ?? present;
}
