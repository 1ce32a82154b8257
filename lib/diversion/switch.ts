import { z } from 'zod';
import { common } from './common';
import { Route, repeatedRoutes } from './route';

/**
 * Switch: one domain moves between its CVM targets and a function by DNS, in one flip or along a ramp. Each side has
 * its own load balancer and record. A share is a record's weight, and a share of zero is a record that is off.
 */

export const RampStep = z.object({
  /** Share of the side that traffic moves to, in %. */
  percent: z.number().int().min(1, 'ramp.percent').max(100, 'ramp.percent'),
  /** Bake time before the next share, in seconds. The TTL of old answers is waited out in any case. */
  bakeS: z.number().int().min(0, 'ramp.bake').max(86_400, 'ramp.bake'),
});
export type RampStep = z.infer<typeof RampStep>;

export const SwitchSide = z.enum(['cvm', 'function']);
export type SwitchSide = z.infer<typeof SwitchSide>;

export const SwitchDiversion = z
  .object({
    kind: z.literal('switch'),
    ...common,
    /**
     * All routes have the same domain. The routes of a side share a load balancer, and the two sides have different
     * ones.
     */
    routes: z.array(Route).max(40, 'routes.tooMany'),
    toward: SwitchSide,
    ramp: z
      .array(RampStep)
      .min(1, 'ramp.missing')
      .max(20, 'ramp.tooLong')
      .refine((ramp) => ramp.every(({ percent }, i) => i === 0 || percent > (ramp[i - 1]?.percent ?? 0)), {
        message: 'ramp.falls',
      }),
  })
  .superRefine(({ routes }, context) => {
    const issue = (message: string, path: (string | number)[]) =>
      context.addIssue({ code: 'custom', message, path });
    for (const index of repeatedRoutes(routes)) issue('routes.twice', ['routes', index, 'rule']);
    const [first] = routes;
    const balancers: Partial<Record<SwitchSide, string>> = {};
    routes.forEach((route, index) => {
      if (route.domain !== first?.domain) issue('switch.twoDomains', ['routes', index, 'domain']);
      if (route.rule.kind === 'swap') issue('switch.swap', ['routes', index, 'rule']);
      balancers[route.to] ??= route.loadBalancerId;
      const other = balancers[route.to === 'cvm' ? 'function' : 'cvm'];
      if (route.loadBalancerId === other)
        issue('switch.oneLoadBalancer', ['routes', index, 'loadBalancerId']);
      else if (route.loadBalancerId !== balancers[route.to])
        issue('switch.severalLoadBalancers', ['routes', index, 'loadBalancerId']);
    });
    for (const side of SwitchSide.options)
      if (balancers[side] === undefined) issue(`routes.${side}Missing`, ['routes']);
  });
export type SwitchDiversion = z.infer<typeof SwitchDiversion>;

/** Returns a Switch that moves everything at once, now, and waits only where it must. */
export function buildFlip(diversion: SwitchDiversion, toward: SwitchSide): SwitchDiversion {
  return { ...diversion, toward, ramp: [{ percent: 100, bakeS: 0 }], lowerTtlS: null };
}

/** The ramps on offer: shares of the side that traffic moves to, in %. */
const rampShapes = {
  flip: [100],
  careful: [10, 50, 100],
  even: [25, 50, 75, 100],
} as const satisfies Readonly<Record<string, readonly number[]>>;
export type RampShape = keyof typeof rampShapes;
export const rampShapeNames = Object.keys(rampShapes) as readonly RampShape[];

/**
 * Returns a ramp of a shape, starting at the current share of a side.
 * @param share the current share of the side, in %: a ramp never lowers it
 * @param bakeS between two shares, in seconds
 */
export function buildRamp(shape: RampShape, { share, bakeS }: { share: number; bakeS: number }): RampStep[] {
  const steps: readonly number[] = rampShapes[shape];
  return steps
    .filter((percent) => percent === 100 || percent > share)
    .map((percent) => ({ percent, bakeS: percent === 100 ? 0 : bakeS }));
}
