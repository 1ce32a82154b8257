import { z } from 'zod';
import served from './served-actions.json';

const actions = Object.values(served).flatMap((service) => service.actions);

const action = z
  .string()
  .refine(
    (name) => name === '*' || actions.includes(name),
    'must be an action that the sandbox serves, or *',
  );
const taskAction = action.refine(
  (name) => !actions.includes(name) || (served.clb.actions.includes(name) && !name.startsWith('Describe')),
  'only writes on load balancers run as tasks',
);

/** The calls it hits: the next `count` that match, or each with a probability, or both: at most `count` of them. */
const calls = {
  /** Name of an action, or `*`. */
  action,
  /** Only calls that name this object anywhere in their request: `lb-…`, a domain, a function's name. */
  object: z.string().min(1).optional(),
  /** 1 by default; unlimited if a probability is given. */
  count: z.int().min(1).max(1_000_000).optional(),
  probability: z.number().gt(0).max(1).optional(),
  /** The seed of the generator behind the probability: the same seed hits the same calls in the same order. */
  seed: z.int().min(0).default(1),
};
const taskCalls = { ...calls, action: taskAction };

const takesEffect = z.boolean().default(false);

const callFaults = [
  /** Refused with RequestLimitExceeded; nothing happens. */
  z.strictObject({ kind: z.literal('throttle'), ...calls }),
  /** Fails with InternalError. */
  z.strictObject({ kind: z.literal('internalError'), ...calls, takesEffect }),
  /** A gateway responds with HTTP 502 and an HTML page. */
  z.strictObject({ kind: z.literal('http502'), ...calls, takesEffect }),
  /** Performed at once; the response is delayed by this many milliseconds of real time. */
  z.strictObject({ kind: z.literal('slow'), ...calls, ms: z.int().min(1).max(600_000) }),
  /** It takes effect, and the connection breaks before the response. */
  z.strictObject({ kind: z.literal('replyLost'), ...calls }),
  /** Accepted, but its task fails and changes nothing. */
  z.strictObject({
    kind: z.literal('taskFails'),
    ...taskCalls,
    /** The message that DescribeTaskStatus will return. */
    message: z.string().min(1).default('Task failed: internal error of the backend.'),
  }),
  /** Accepted, but its task keeps running, and keeps its load balancer busy, until the fault is cleared. */
  z.strictObject({ kind: z.literal('taskNeverEnds'), ...taskCalls }),
  /** Success is reported, also for its task, but nothing has changed. */
  z.strictObject({ kind: z.literal('changesNothing'), ...calls }),
  /** Refused as if the load balancer were busy. */
  z.strictObject({ kind: z.literal('resourceInOperating'), ...taskCalls }),
] as const;

/** An instant: ISO 8601, or epoch milliseconds. */
const instant = z.union([
  z.int().min(0),
  z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
]);

/**
 * The codes with which the cloud refuses a key: deleted or disabled, or signed with another secret
 * (https://www.tencentcloud.com/document/product/1140/51177).
 */
const rejectionCodes = ['AuthFailure.SecretIdNotFound', 'AuthFailure.SignatureFailure'] as const;

const lastingFaults = [
  /** Every call with the account's own key is refused; keys of its users still work. */
  z.strictObject({
    kind: z.literal('keyRejected'),
    /** The UIN of the account; by default the first one. */
    account: z.string().optional(),
    code: z.enum(rejectionCodes).default('AuthFailure.SecretIdNotFound'),
  }),
  /** A server that refuses connections. */
  z.strictObject({ kind: z.literal('instanceDown'), instanceId: z.string().min(1) }),
  /** Every call of a function fails. */
  z.strictObject({
    kind: z.literal('functionDown'),
    /** `region/namespace/name` */
    function: z.string().regex(/^[^/]+\/[^/]+\/[^/]+$/, 'must be region/namespace/name'),
  }),
  /** Clients' resolvers keep DNS answers longer than their TTL: by a factor, or for a number of seconds. */
  z
    .strictObject({
      kind: z.literal('resolverIgnoresTtl'),
      factor: z.number().min(1).max(10_000).optional(),
      seconds: z.int().min(1).max(604_800).optional(),
    })
    .refine((order) => (order.factor === undefined) !== (order.seconds === undefined), {
      message: 'give either factor or seconds',
    }),
  /** Another program owns an object: it marks it, and undoes each change of it by others after a while. */
  z.strictObject({
    kind: z.literal('owner'),
    owner: z.enum(['tke', 'protection', 'igtm', 'dMonitoring', 'terraform']),
    /** The id of a load balancer, or a host name that has records. */
    object: z.string().min(1),
    /** The UIN of the account; by default any. */
    account: z.string().optional(),
    /** The time after which it undoes a change. Operation protection refuses it instead. */
    afterMs: z.int().min(0).max(86_400_000).default(3000),
  }),
  /** A call by another actor, at an instant or after the nth call of an action from now on. */
  z.strictObject({
    kind: z.literal('foreignEdit'),
    at: z.union([
      z.strictObject({ instant }),
      z.strictObject({
        afterMs: z
          .int()
          .min(0)
          .max(366 * 86_400_000),
      }),
      z.strictObject({ action, calls: z.int().min(1).max(1_000_000).default(1) }),
    ]),
    /** The UIN of the account; by default the first one. */
    account: z.string().optional(),
    /** The user's name in the audit trail. */
    user: z.string().min(1).default('console'),
    call: z.strictObject({
      service: z.string(),
      action: z.string(),
      region: z.string().optional(),
      params: z.record(z.string(), z.unknown()).default({}),
    }),
  }),
] as const;

const CallFault = z.discriminatedUnion('kind', callFaults);
const LastingFault = z.discriminatedUnion('kind', lastingFaults);

/** `POST /faults`: the fault to inject. */
export const FaultSpec = z.discriminatedUnion('kind', [...callFaults, ...lastingFaults]);
export type FaultSpec = z.infer<typeof FaultSpec>;
export type CallFault = z.infer<typeof CallFault>;
export type LastingFault = z.infer<typeof LastingFault>;
export type OwnerFault = Extract<LastingFault, { kind: 'owner' }>;
export type ForeignEditFault = Extract<LastingFault, { kind: 'foreignEdit' }>;
