import { z } from 'zod';
import { Cutover, defaultGuards, Guard, MissedT0 } from '@/lib/diversion/cutover';
import { Zone } from '@/lib/diversion/zone';

/**
 * Settings for all plans on connections of a kind: the default cutover, and the number of people who must approve a
 * plan. A real account may require more than the sandbox.
 */

export const connectionKinds = ['sandbox', 'tencent'] as const;
export type ConnectionKind = (typeof connectionKinds)[number];

/** As many as one page can ask for in a night: one or two more reviewers. */
export const approvalsMax = 2;

export const Policy = z.object({
  /** The number of different names that must approve a plan before it may run. */
  approvals: z
    .number('approvals.invalid')
    .int('approvals.invalid')
    .min(0, 'approvals.invalid')
    .max(approvalsMax, 'approvals.invalid'),
  /** The zone in which cutovers are typed; null = the zone of each person's browser. */
  zone: Zone.nullable(),
  /** The lead time of prewarm before T0, in seconds; null = twice the forecast of its steps. */
  prewarmS: Cutover.shape.prewarmS.nullable(),
  missedT0: MissedT0,
  guards: z.array(Guard).max(20),
});
export type Policy = z.infer<typeof Policy>;

/** The policy where nothing has been configured. */
export const defaultPolicy: Policy = {
  approvals: 0,
  zone: null,
  prewarmS: null,
  missedT0: { kind: 'skip' },
  guards: [...defaultGuards],
};
