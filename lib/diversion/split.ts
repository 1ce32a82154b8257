import { z } from 'zod';
import { InstanceId, ListenerId, LoadBalancerId, RuleId } from '@/lib/estate/ids';

/**
 * Split: domain A stays with its CVM targets, domain B goes to a function.
 * The intent only; what has to change to get there is the planner's business.
 */

/** A host name as people type it; lower-cased, no trailing dot. Source of the 80: CLB "Domain 1–80 characters". */
const DomainName = z
  .string()
  .trim()
  .toLowerCase()
  .min(1, 'domain.missing')
  .max(80, 'domain.tooLong')
  .regex(/^(?=.{1,80}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, 'domain.invalid');

/** A plain URL path of a rule: 1–200 characters, from the root. */
const UrlPath = z
  .string()
  .trim()
  .min(1, 'url.missing')
  .max(200, 'url.tooLong')
  .regex(/^\/[\w\-./%?=:&+,~!$'()*@]*$/, 'url.invalid');

const RuleChoice = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('existing'), ruleId: RuleId }),
  z.object({ kind: z.literal('new'), url: UrlPath }),
]);
export type RuleChoice = z.infer<typeof RuleChoice>;

const lane = {
  domain: DomainName,
  loadBalancerId: LoadBalancerId,
  listenerId: ListenerId,
  rule: RuleChoice,
};

export const TargetChoice = z.object({
  instanceId: InstanceId,
  port: z.number().int().min(1).max(65535),
  weight: z.number().int().min(0).max(100),
});
export type TargetChoice = z.infer<typeof TargetChoice>;

export const CvmLane = z.object({
  ...lane,
  /** Targets to add to those already on the rule; none = leave them as they are. ≤ 20 per request (CLB API). */
  addTargets: z.array(TargetChoice).max(20, 'targets.tooMany'),
});
export type CvmLane = z.infer<typeof CvmLane>;

export const FunctionChoice = z.object({
  region: z.string().min(1),
  namespace: z.string().min(1),
  name: z.string().min(1, 'function.missing'),
  qualifier: z.string().min(1),
});
export type FunctionChoice = z.infer<typeof FunctionChoice>;

export const FunctionLane = z.object({
  ...lane,
  function: FunctionChoice,
  /** Text that the function's answer must contain, compared through the VIP before and after DNS moves. */
  expectedBody: z.string().min(1, 'expectedBody.missing').max(2000, 'expectedBody.tooLong'),
});
export type FunctionLane = z.infer<typeof FunctionLane>;

export const SplitDiversion = z.object({
  kind: z.literal('split'),
  name: z.string().trim().min(1, 'name.missing').max(80, 'name.tooLong'),
  laneA: CvmLane,
  laneB: FunctionLane,
});
export type SplitDiversion = z.infer<typeof SplitDiversion>;

/** Field paths of a Split, so that a check can point at the control that mends it. */
export type SplitField =
  | 'name'
  | `lane${'A' | 'B'}.${'domain' | 'loadBalancerId' | 'listenerId' | 'rule'}`
  | 'laneA.addTargets'
  | 'laneB.function'
  | 'laneB.expectedBody';
