import { z } from 'zod';
import { ListenerId, LoadBalancerId } from './ids';
import { BoundFunction } from './model';
import { owner } from './owner-schema';
import { byAddress, byServer } from './target-schema';

/**
 * The objects that a step touches, addressed by their natural key, and their comparable state. States carry no ids,
 * names or change times: two states are equal if traffic sees no difference.
 */

export const RuleRef = z.object({
  kind: z.literal('rule'),
  ...owner,
  region: z.string(),
  loadBalancerId: LoadBalancerId,
  listenerId: ListenerId,
  domain: z.string(),
  url: z.string(),
});
export type RuleRef = z.infer<typeof RuleRef>;

/**
 * All address records (A, AAAA, CNAME) of one name on one line: DNS answers in this unit, so it is the unit of
 * comparison.
 */
export const RecordSetRef = z.object({
  kind: z.literal('recordSet'),
  ...owner,
  zone: z.string(),
  subdomain: z.string(),
  lineId: z.string(),
  line: z.string(),
});
export type RecordSetRef = z.infer<typeof RecordSetRef>;

/** A load balancer that a plan creates: it has no id until it exists, so its name in its region is its key. */
export const LoadBalancerRef = z.object({
  kind: z.literal('loadBalancer'),
  ...owner,
  region: z.string(),
  name: z.string(),
});
export type LoadBalancerRef = z.infer<typeof LoadBalancerRef>;

/** A load balancer that a run has made: nothing else of its name is it. */
export type OwnLoadBalancerRef = LoadBalancerRef & { readonly id: string };

/** A listener that a plan creates: a load balancer has one per protocol and port. */
export const ListenerRef = z.object({
  kind: z.literal('listener'),
  ...owner,
  region: z.string(),
  loadBalancerId: LoadBalancerId,
  protocol: z.string(),
  port: z.number(),
});
export type ListenerRef = z.infer<typeof ListenerRef>;

/** The provisioned concurrency of a function's version or alias. */
export const ProvisionedRef = z.object({
  kind: z.literal('provisioned'),
  ...owner,
  region: z.string(),
  namespace: z.string(),
  name: z.string(),
  qualifier: z.string(),
});
export type ProvisionedRef = z.infer<typeof ProvisionedRef>;

export const ObjectRef = z.discriminatedUnion('kind', [
  RuleRef,
  RecordSetRef,
  LoadBalancerRef,
  ListenerRef,
  ProvisionedRef,
]);
export type ObjectRef = z.infer<typeof ObjectRef>;

const targetFields = { port: z.number(), weight: z.number() };
export const TargetState = z.union([
  z.object({ ...byServer(z.string()), ...targetFields }),
  z.object({ ...byAddress(z.string()), ...targetFields }),
]);
export type TargetState = z.infer<typeof TargetState>;

export const RuleState = z.object({
  kind: z.literal('rule'),
  exists: z.boolean(),
  targets: z.array(TargetState),
  functions: z.array(BoundFunction),
});
export type RuleState = z.infer<typeof RuleState>;

export const RecordState = z.object({
  type: z.string(),
  value: z.string(),
  ttlS: z.number(),
  weight: z.number().nullable(),
  enabled: z.boolean(),
});
export type RecordState = z.infer<typeof RecordState>;

export const RecordSetState = z.object({ kind: z.literal('recordSet'), records: z.array(RecordState) });
export type RecordSetState = z.infer<typeof RecordSetState>;

/** Load balancers of one name in a region; no plan creates more than one. */
export const LoadBalancerState = z.object({
  kind: z.literal('loadBalancer'),
  count: z.number(),
  /** The network of the only one; null for none or several. */
  network: z.enum(['OPEN', 'INTERNAL']).nullable(),
  vpcId: z.string().nullable(),
});
export type LoadBalancerState = z.infer<typeof LoadBalancerState>;

export const ListenerState = z.object({
  kind: z.literal('listener'),
  exists: z.boolean(),
  certificateId: z.string().nullable(),
});
export type ListenerState = z.infer<typeof ListenerState>;

/** The number of instances requested; a probe checks whether they are ready. */
const ProvisionedState = z.object({ kind: z.literal('provisioned'), instances: z.number() });

export const ObjectState = z.discriminatedUnion('kind', [
  RuleState,
  RecordSetState,
  LoadBalancerState,
  ListenerState,
  ProvisionedState,
]);
export type ObjectState = z.infer<typeof ObjectState>;
