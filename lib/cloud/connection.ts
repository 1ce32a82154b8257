import { z } from 'zod';
import { isNetwork, parseEndpoint } from '@/lib/estate/address';
import { ConnectionId } from '@/lib/estate/ids';

/**
 * All that sets one cloud account apart from another. The sandbox and a real account differ in these values alone:
 * nothing in the adapter asks for `kind`, it is there for people to see.
 */
export const CloudConnection = z.object({
  id: ConnectionId,
  name: z.string().min(1),
  kind: z.enum(['sandbox', 'tencent']),
  /** null = the cloud's own host per service, over TLS; else one base URL for every service. */
  endpoint: z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
    .refine((text) => new URL(text).pathname === '/', 'must not have a path')
    .nullable(),
  /** Which of the cloud's two sites the account is of: they have hosts of their own. */
  site: z.enum(['mainland', 'international']).default('mainland'),
  /** In which language the cloud writes its messages. */
  language: z.enum(['en-US', 'zh-CN']).default('en-US'),
  /** Regions to read, such as `ap-singapore`. */
  regions: z.array(z.string().min(1)).min(1),
  secretId: z.string().min(1),
  secretKey: z.string().min(1),
  /** Only with temporary keys. */
  token: z.string().min(1).optional(),
  /** Until when temporary keys are valid; null = the keys are lasting ones. */
  expiresAt: z.iso.datetime({ offset: true }).nullable().default(null),
  /** Resolver that probes ask, as `ip:port`; null = the system's. */
  dns: z
    .string()
    .refine((text) => parseEndpoint(text, 53) !== null, 'must be ip:port')
    .nullable(),
  /**
   * The loopback network in which a sandbox's load balancers answer, such as `127.77.0.0/16`: probes connect to addresses in
   * it alone, and names are asked of `dns` alone. null = load balancers of the internet.
   */
  vipNetwork: z.string().refine(isNetwork, 'must be an IPv4 network').nullable().default(null),
  /** Further resolvers of a sandbox that may be asked by name, as `ip:port`. */
  resolvers: z.array(z.string()).default([]),
  /** Added to listener ports below 1024 when they are dialled: where no privileged port may be bound. Else 0. */
  portOffset: z.number().int().min(0).max(64_511),
  /**
   * A sandbox's control door, where VIPs don't answer themselves: it tells which address does (`GET /addresses`).
   * null = VIPs answer.
   */
  addresses: z.object({ url: z.url(), token: z.string() }).nullable().default(null),
  /** Certificate (PEM) of an authority that probes trust beside the usual ones; null = none. */
  authority: z.string().startsWith('-----BEGIN CERTIFICATE-----').nullable().default(null),
});
export type CloudConnection = z.infer<typeof CloudConnection>;
