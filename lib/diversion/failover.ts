import { z } from 'zod';
import { parseEndpoint } from '@/lib/estate/address';

/**
 * The conditions for an automatic move of a Switch with failover enabled: the serving side has failed for several
 * vantages, and the other side has passed its probes and has capacity. It moves once and never back; a person decides
 * on the rollback.
 */

/** The point from which the serving side is probed: by its load balancer's address, or by name through a resolver. */
export const Vantage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('address') }),
  z.object({
    kind: z.literal('name'),
    /** `ip`, `ip:port` or `[ip6]:port`; null = the connection's own resolver. */
    resolver: z
      .string()
      .refine((text) => parseEndpoint(text, 53) !== null, 'vantage.resolver')
      .nullable(),
  }),
]);
export type Vantage = z.infer<typeof Vantage>;

export const FailoverPolicy = z
  .object({
    vantages: z.array(Vantage).min(1, 'vantages.missing').max(8),
    /** The number of vantages that must see the failure. */
    quorum: z.number().int().min(1).max(8),
    /** A vantage sees a failure when n of its last m probes failed. */
    failures: z.number().int().min(1).max(20),
    of: z.number().int().min(1).max(20),
    /** The interval between two rounds of probes, in seconds. */
    everyS: z.number().int().min(1).max(60),
    /** The number of consecutive probes of the receiving side that must have passed. */
    proof: z.number().int().min(1).max(20),
    /** The time without automatic moves after the last move by any actor, in seconds. */
    holdDownS: z.number().int().min(0).max(86_400),
    /** The receiving side has capacity: each measure is readable and no higher than this. */
    capacity: z.array(
      z.object({
        measure: z.enum(['throttles', 'provisionedLost', 'unhealthyTargets']),
        limit: z.number().min(0).max(1_000_000),
      }),
    ),
  })
  .refine(({ failures, of }) => failures <= of, { message: 'failover.nOfM', path: ['failures'] })
  .refine(({ quorum, vantages }) => quorum <= vantages.length, {
    message: 'failover.quorum',
    path: ['quorum'],
  });
export type FailoverPolicy = z.infer<typeof FailoverPolicy>;

/** The number of rounds kept: the most that any policy can ask for. */
export const roundsKept = 20;
