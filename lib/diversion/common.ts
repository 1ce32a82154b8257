import { z } from 'zod';
import { ConnectionId } from '@/lib/estate/ids';
import { Acknowledgement } from './acknowledgement';
import { Creates, noCreates } from './creates';
import { DiversionName } from './names';

/** Fields common to diversions of every kind. */
export const common = {
  name: DiversionName,
  /** Objects to create before the routes can exist. */
  creates: Creates.default(noCreates),
  /**
   * Records of names that move get this TTL before T0, in seconds, so that clients follow sooner on apply and on
   * rollback; null = unchanged. DNSPod takes 1 to 604,800, and the zone's plan sets a minimum:
   * https://cloud.tencent.com/document/api/1427/56180
   */
  lowerTtlS: z
    .number('ttl.invalid')
    .int('ttl.invalid')
    .min(1, 'ttl.invalid')
    .max(604_800, 'ttl.invalid')
    .nullable()
    .default(null),
  /**
   * Further connections: the diversion may also name load balancers, rules, functions and zones of their accounts. New
   * objects are created in the diversion's own account.
   */
  connections: z
    .array(ConnectionId)
    .max(8, 'connections.tooMany')
    .refine((all) => new Set(all).size === all.length, 'connections.twice')
    .default([]),
  /** The highest expected requests per second of everything that moves; null = not stated. */
  expectedPeakRps: z
    .number('peak.invalid')
    .int('peak.invalid')
    .min(1, 'peak.invalid')
    .max(10_000_000, 'peak.invalid')
    .nullable()
    .default(null),
  /**
   * The start of prewarm before T0 that the diversion needs, in seconds, as the advice of the capacity model; absent = as
   * the policy or the forecast of its steps says.
   */
  prewarmS: z
    .number('prewarmLead.invalid')
    .int('prewarmLead.invalid')
    .min(0, 'prewarmLead.invalid')
    .max(86_400, 'prewarmLead.invalid')
    .optional(),
  /** Known losses that the operator accepts, each for one domain. */
  acknowledged: z.array(Acknowledgement).max(40, 'acknowledged.tooMany').default([]),
};
