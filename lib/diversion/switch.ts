import { z } from 'zod';
import { common } from './common';
import { Route, repeatedRoutes } from './route';
import { findWaveFaults, Wave } from './wave';
import { movesMax, waveNamesMax, wavesMax } from './wave-limits';

/**
 * Switch: a domain moves between its CVM targets and a function by DNS, in one flip or along a ramp. Each side has its
 * own load balancer and record. A share is a record's weight, and a share of zero is a record that is off. Several
 * domains move in waves, all of them in the same direction and along the same ramp.
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
     * The routes of each domain on both sides: up to two on each side for as many names as waves may have. The routes
     * of a domain's side share a load balancer, and its two sides have different ones.
     */
    routes: z.array(Route).max(4 * waveNamesMax, 'routes.tooMany'),
    /** The order in which several domains move; absent = all routes have one domain. */
    waves: z.array(Wave).min(1, 'waves.empty').max(wavesMax, 'waves.tooMany').exactOptional(),
    toward: SwitchSide,
    ramp: z
      .array(RampStep)
      .min(1, 'ramp.missing')
      .max(20, 'ramp.tooLong')
      .refine((ramp) => ramp.every(({ percent }, i) => i === 0 || percent > (ramp[i - 1]?.percent ?? 0)), {
        message: 'ramp.falls',
      }),
  })
  .superRefine(({ routes, waves, ramp }, context) => {
    const issue = (message: string, path: readonly (string | number)[]) =>
      context.addIssue({ code: 'custom', message, path: [...path] });
    for (const index of repeatedRoutes(routes)) issue('routes.twice', ['routes', index, 'rule']);
    const names = new Set(
      waves?.flatMap((wave) => wave.names) ?? routes.slice(0, 1).map(({ domain }) => domain),
    );
    if (names.size * ramp.length > movesMax) issue('ramp.tooManyMoves', ['ramp']);
    const balancers = new Map<string, Partial<Record<SwitchSide, string>>>();
    routes.forEach((route, index) => {
      const { domain, to, loadBalancerId } = route;
      if (!names.has(domain))
        issue(waves === undefined ? 'switch.twoDomains' : 'waves.notListed', ['routes', index, 'domain']);
      if (route.rule.kind === 'swap') issue('switch.swap', ['routes', index, 'rule']);
      const own = balancers.get(domain) ?? {};
      balancers.set(domain, own);
      own[to] ??= loadBalancerId;
      if (loadBalancerId === own[to === 'cvm' ? 'function' : 'cvm'])
        issue('switch.oneLoadBalancer', ['routes', index, 'loadBalancerId']);
      else if (loadBalancerId !== own[to])
        issue('switch.severalLoadBalancers', ['routes', index, 'loadBalancerId']);
    });
    if (waves === undefined) {
      const [only = {}] = balancers.values();
      for (const side of SwitchSide.options)
        if (only[side] === undefined) issue(`routes.${side}Missing`, ['routes']);
      return;
    }
    for (const { message, path } of findWaveFaults(waves)) issue(message, ['waves', ...path]);
    waves.forEach((wave, nth) => {
      wave.names.forEach((name, place) => {
        if (SwitchSide.options.some((side) => balancers.get(name)?.[side] === undefined))
          issue('waves.noRoutes', ['waves', nth, 'names', place]);
      });
    });
  });
export type SwitchDiversion = z.infer<typeof SwitchDiversion>;

/** A Switch of one domain, which the switchboard can hold. */
export const SingleSwitch = SwitchDiversion.refine(({ waves }) => waves === undefined, {
  message: 'switch.severalNames',
  path: ['waves'],
});

/** Returns a Switch that moves everything at once, now, and waits only where it must. */
export function buildFlip(diversion: SwitchDiversion, toward: SwitchSide): SwitchDiversion {
  return { ...diversion, toward, ramp: [{ percent: 100, bakeS: 0 }], lowerTtlS: null };
}
