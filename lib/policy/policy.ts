import { z } from 'zod';
import { Cutover, defaultGuards, Guard, MissedT0 } from '@/lib/diversion/cutover';
import { Zone } from '@/lib/diversion/zone';

/**
 * What is settled once for all plans on connections of a kind: what a cutover begins with before somebody types another,
 * and how many people have to approve a plan. A real account may want more than the sandbox.
 */

export const connectionKinds = ['sandbox', 'tencent'] as const;
export type ConnectionKind = (typeof connectionKinds)[number];

/** As many as one page can ask for in a night: one more pair of eyes, or two. */
export const approvalsMax = 2;

export const Policy = z.object({
  /** How many different names must approve a plan before it may run. */
  approvals: z
    .number('approvals.invalid')
    .int('approvals.invalid')
    .min(0, 'approvals.invalid')
    .max(approvalsMax, 'approvals.invalid'),
  /** In which cutovers are typed; null = in the zone of each person's browser. */
  zone: Zone.nullable(),
  /** How long before T0 prewarm begins, in seconds; null = twice what its steps take by forecast. */
  prewarmS: Cutover.shape.prewarmS.nullable(),
  missedT0: MissedT0,
  guards: z.array(Guard).max(20),
});
export type Policy = z.infer<typeof Policy>;

/** Where nobody has settled anything. */
export const defaultPolicy: Policy = {
  approvals: 0,
  zone: null,
  prewarmS: null,
  missedT0: { kind: 'skip' },
  guards: [...defaultGuards],
};
