import { z } from 'zod';
import { Cutover, Guard, MissedT0 } from '@/lib/diversion/cutover';
import { defaultGuards } from '@/lib/diversion/guards';
import { Zone } from '@/lib/diversion/zone';

export const Policy = z.object({
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
  zone: null,
  prewarmS: null,
  missedT0: { kind: 'skip' },
  guards: [...defaultGuards],
};
