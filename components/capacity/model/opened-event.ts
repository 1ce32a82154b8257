import type { PlanScenarioView } from '@/lib/contract/capacity';

/** The event of the plan that the page was opened for, or why it is not shown. */
export type OpenedEvent =
  | { readonly ok: true; readonly view: PlanScenarioView }
  | { readonly ok: false; readonly planId: string; readonly why: 'unknown' | 'forbidden' };
