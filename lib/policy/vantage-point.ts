import { z } from 'zod';
import { isPublicAddress, parseEndpoint } from '@/lib/estate/address';

const dnsPort = 53;

/** The maximum number of public resolvers: each is asked for each moved name. */
export const vantagePointsMax = 20;

/**
 * A resolver that is asked during runs of real accounts. Its address is public: no setting may make a worker connect to
 * what is near it.
 */
export const VantagePoint = z.object({
  name: z.string().trim().min(1, 'name.missing').max(60, 'vantagePoint.longName'),
  address: z
    .string()
    .trim()
    .refine((text) => isPublicAddress(parseEndpoint(text, dnsPort)?.host ?? ''), 'vantagePoint.address'),
});
export type VantagePoint = z.infer<typeof VantagePoint>;
