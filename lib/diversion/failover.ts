import { z } from 'zod';
import { parseEndpoint } from '@/lib/estate/address';

/**
 * When an armed Switch moves by itself: the side that serves has failed for several vantages, the other side has proved
 * itself and has room. It moves once and never back: going back is a person's decision.
 */

/** From where the serving side is asked: by its load balancer's address, or by name through a resolver. */
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
    /** So many vantages must see the failure. */
    quorum: z.number().int().min(1).max(8),
    /** A vantage sees a failure when n of its last m probes failed. */
    failures: z.number().int().min(1).max(20),
    of: z.number().int().min(1).max(20),
    /** Between two rounds of probes, in seconds. */
    everyS: z.number().int().min(1).max(60),
    /** So many probes of the receiving side in a row must have passed. */
    proof: z.number().int().min(1).max(20),
    /** Nothing moves by itself for this long after the last move, whoever made it, in seconds. */
    holdDownS: z.number().int().min(0).max(86_400),
    /** The receiving side has room: each measure is readable and no higher than this. */
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

/** Where nobody said otherwise. */
export const defaultFailover: FailoverPolicy = {
  vantages: [{ kind: 'address' }, { kind: 'name', resolver: null }],
  quorum: 2,
  failures: 3,
  of: 5,
  everyS: 5,
  proof: 3,
  holdDownS: 600,
  capacity: [],
};

/** How long rounds are kept: as many as any policy can ask for. */
export const roundsKept = 20;
