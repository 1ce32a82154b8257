import { z } from 'zod';

/** Cloud ids are strings that must not be mixed up: each kind is branded and parsed once at the boundary. */
export const LoadBalancerId = z.string().min(1).brand<'LoadBalancerId'>();
export type LoadBalancerId = z.infer<typeof LoadBalancerId>;

export const ListenerId = z.string().min(1).brand<'ListenerId'>();
export type ListenerId = z.infer<typeof ListenerId>;

/** `loc-…`: the cloud calls a forwarding rule a "location". */
export const RuleId = z.string().min(1).brand<'RuleId'>();
export type RuleId = z.infer<typeof RuleId>;

export const InstanceId = z.string().min(1).brand<'InstanceId'>();
export type InstanceId = z.infer<typeof InstanceId>;

/** DNSPod record ids are integers. */
export const RecordId = z.number().int().brand<'RecordId'>();
export type RecordId = z.infer<typeof RecordId>;

export const ConnectionId = z.string().min(1).brand<'ConnectionId'>();
export type ConnectionId = z.infer<typeof ConnectionId>;
