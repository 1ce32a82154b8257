import { z } from 'zod';
import { isIpAddress } from '@/lib/estate/address';
import { InstanceId, ListenerId, LoadBalancerId, RuleId } from '@/lib/estate/ids';
import type { Owned } from '@/lib/estate/owner';
import { byAddress, byServer } from '@/lib/estate/target-schema';
import { DomainName, UrlPath } from './names';

/**
 * A route: a domain, the load balancer, listener and rule that take its requests, and the backend that answers. It
 * states the intent only; the planner works out what has to change. The load balancer and listener are existing ones or
 * ones that the diversion creates (`creates`), named by their id there.
 */

const ExistingRule = z.object({ kind: z.literal('existing'), ruleId: RuleId });
const NewRule = z.object({
  kind: z.literal('new'),
  url: UrlPath,
  /**
   * The server certificate of the domain, where the listener has SNI and the domain is new on it; null elsewhere. One
   * route of a domain names it. https://cloud.tencent.com/document/api/214/30694#RuleInput
   */
  certificateId: z.string().min(1).nullable().default(null),
});
/** A rule whose CVM targets are replaced in place by the function, at T0: two tasks, with a gap between them. */
const SwappedRule = z.object({ kind: z.literal('swap'), ruleId: RuleId });

const place = { domain: DomainName, loadBalancerId: LoadBalancerId, listenerId: ListenerId };

const targetFields = {
  port: z.number().int().min(1).max(65535),
  weight: z.number().int().min(0).max(100),
};
export const TargetChoice = z.union([
  z.object({ ...byServer(InstanceId), ...targetFields }),
  z.object({ ...byAddress(z.string().refine(isIpAddress, 'targets.address')), ...targetFields }),
]);
export type TargetChoice = z.infer<typeof TargetChoice>;

export const CvmRoute = z.object({
  to: z.literal('cvm'),
  ...place,
  rule: z.discriminatedUnion('kind', [ExistingRule, NewRule]),
  /** Targets to add to those already on the rule; none = leave them as they are. ≤ 20 per request (CLB API). */
  addTargets: z.array(TargetChoice).max(20, 'targets.tooMany'),
});
export type CvmRoute = z.infer<typeof CvmRoute>;

export const FunctionChoice = z.object({
  region: z.string().min(1),
  namespace: z.string().min(1),
  name: z.string().min(1, 'function.missing'),
  qualifier: z.string().min(1),
});
/** With its account, once its load balancer has been resolved. */
export type FunctionChoice = z.infer<typeof FunctionChoice> & Owned;

export const FunctionRoute = z.object({
  to: z.literal('function'),
  ...place,
  rule: z.discriminatedUnion('kind', [ExistingRule, NewRule, SwappedRule]),
  function: FunctionChoice,
  /** Text that the function's response must contain, compared through the VIP before and after DNS moves. */
  expectedBody: z.string().min(1, 'expectedBody.missing').max(2000, 'expectedBody.tooLong'),
  /** Instances that are kept warm from prewarm on (provisioned concurrency); null = unchanged. */
  provisioned: z
    .number('provisioned.invalid')
    .int('provisioned.invalid')
    .min(1, 'provisioned.invalid')
    .max(100_000, 'provisioned.invalid')
    .nullable()
    .default(null),
});
export type FunctionRoute = z.infer<typeof FunctionRoute>;

export const Route = z.discriminatedUnion('to', [CvmRoute, FunctionRoute]);
export type Route = z.infer<typeof Route>;

/** The field names of a route's choices. */
export type RouteChoice =
  | 'domain'
  | 'loadBalancerId'
  | 'listenerId'
  | 'rule'
  | 'addTargets'
  | 'function'
  | 'expectedBody'
  | 'provisioned';

/** The field of a route, so that a check can point at the control that fixes it. */
export type RouteField = `routes.${number}.${RouteChoice}`;

/** Returns the routes that repeat another route's rule: the later of each such pair, by its index in the list. */
export function repeatedRoutes(routes: readonly Route[]): readonly number[] {
  const key = ({ listenerId, domain, rule }: Route) =>
    rule.kind === 'new' ? `${listenerId} ${domain}${rule.url}` : rule.ruleId;
  const seen = new Set<string>();
  return routes.flatMap((route, index) => {
    if (seen.has(key(route))) return [index];
    seen.add(key(route));
    return [];
  });
}
