import { z } from 'zod';
import { ConnectionId } from '@/lib/estate/ids';
import { Acknowledgement } from './acknowledgement';
import { Creates, noCreates } from './creates';
import { DiversionName } from './names';

/** What diversions of every kind say. */
export const common = {
  name: DiversionName,
  /** What is made before the routes can stand. */
  creates: Creates.default(noCreates),
  /**
   * Records of names that move get this TTL before T0, in seconds, so that clients follow sooner, there and back; null = as
   * they are. DNSPod takes 1 to 604,800, the zone's plan has a floor of its own:
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
   * Further connections: load balancers, rules, functions and zones of their accounts may be named, too. What is created
   * stands in the diversion's own.
   */
  connections: z
    .array(ConnectionId)
    .max(8, 'connections.tooMany')
    .refine((all) => new Set(all).size === all.length, 'connections.twice')
    .default([]),
  /** Requests a second that are expected of all that moves, at the most; null = nobody has said. */
  expectedPeakRps: z
    .number('peak.invalid')
    .int('peak.invalid')
    .min(1, 'peak.invalid')
    .max(10_000_000, 'peak.invalid')
    .nullable()
    .default(null),
  /** Known losses that are accepted, each for one domain. */
  acknowledged: z.array(Acknowledgement).max(40, 'acknowledged.tooMany').default([]),
};
