import { z } from 'zod';
import { CvmLane, FunctionLane } from './split';

/**
 * Switch: one domain moves between its CVM targets and a function by DNS, in one flip or along a ramp. Both sides have a
 * load balancer and a record of their own; a share is a record's weight, and none at all is a record that is off.
 */

export const RampStep = z.object({
  /** Share of the side that is moved to, in %. */
  percent: z.number().int().min(1, 'ramp.percent').max(100, 'ramp.percent'),
  /** How long the share must prove itself before the next one, in seconds. Old answers are waited for in any case. */
  bakeS: z.number().int().min(0, 'ramp.bake').max(86_400, 'ramp.bake'),
});
export type RampStep = z.infer<typeof RampStep>;

export const SwitchSide = z.enum(['cvm', 'function']);
export type SwitchSide = z.infer<typeof SwitchSide>;

export const SwitchDiversion = z
  .object({
    kind: z.literal('switch'),
    name: z.string().trim().min(1, 'name.missing').max(80, 'name.tooLong'),
    /** Both lanes have the same domain: one name, two load balancers. */
    laneA: CvmLane,
    laneB: FunctionLane,
    toward: SwitchSide,
    ramp: z
      .array(RampStep)
      .min(1, 'ramp.missing')
      .max(20, 'ramp.tooLong')
      .refine((ramp) => ramp.every(({ percent }, i) => i === 0 || percent > (ramp[i - 1]?.percent ?? 0)), {
        message: 'ramp.falls',
      }),
  })
  .refine(({ laneA, laneB }) => laneA.domain === laneB.domain, {
    message: 'switch.twoDomains',
    path: ['laneB', 'domain'],
  })
  .refine(({ laneA, laneB }) => laneA.loadBalancerId !== laneB.loadBalancerId, {
    message: 'switch.oneLoadBalancer',
    path: ['laneB', 'loadBalancerId'],
  });
export type SwitchDiversion = z.infer<typeof SwitchDiversion>;
