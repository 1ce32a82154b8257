import { z } from 'zod';
import { isNetwork, parseEndpoint } from '@/lib/estate/address';
import { ConnectionId } from '@/lib/estate/ids';

/**
 * The settings that distinguish one cloud account from another. The sandbox and a real account differ only in these
 * values: nothing in the adapter reads `kind`, it is only shown to people.
 */
export const CloudConnection = z.object({
  id: ConnectionId,
  name: z.string().min(1),
  kind: z.enum(['sandbox', 'tencent']),
  /** null = the cloud's own host per service, over TLS; otherwise one base URL for every service. */
  endpoint: z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
    .refine((text) => new URL(text).pathname === '/', 'must not have a path')
    .nullable(),
  /** The cloud site to which the account belongs; the two sites have different hosts. */
  site: z.enum(['mainland', 'international']).default('mainland'),
  /** The language of the cloud's messages. */
  language: z.enum(['en-US', 'zh-CN']).default('en-US'),
  /** Regions to read, such as `ap-singapore`. */
  regions: z.array(z.string().min(1)).min(1),
  secretId: z.string().min(1),
  secretKey: z.string().min(1),
  /** Present only with temporary keys. */
  token: z.string().min(1).optional(),
  /** The expiry of temporary keys; null = the keys are permanent. */
  expiresAt: z.iso.datetime({ offset: true }).nullable().default(null),
  /** The resolver that probes query, as `ip:port`; null = the system's. */
  dns: z
    .string()
    .refine((text) => parseEndpoint(text, 53) !== null, 'must be ip:port')
    .nullable(),
  /**
   * The loopback network of a sandbox's load balancers, such as `127.77.0.0/16`: probes connect only to addresses in
   * it, and names are resolved only by `dns`. null = load balancers on the internet.
   */
  vipNetwork: z.string().refine(isNetwork, 'must be an IPv4 network').nullable().default(null),
  /** Other resolvers of a sandbox that may be queried by name, as `ip:port`. */
  resolvers: z.array(z.string()).default([]),
  /**
   * Added to listener ports below 1024 when they are dialled, on systems where no privileged port may be bound.
   * Otherwise 0.
   */
  portOffset: z.number().int().min(0).max(64_511),
  /**
   * A sandbox's control API, used where VIPs are not reachable themselves: it returns the address to dial instead (`GET
   * /addresses`). null = VIPs are reachable.
   */
  addresses: z.object({ url: z.url(), token: z.string() }).nullable().default(null),
  /** The certificate (PEM) of an authority that probes trust in addition to the usual ones; null = none. */
  authority: z.string().startsWith('-----BEGIN CERTIFICATE-----').nullable().default(null),
});
export type CloudConnection = z.infer<typeof CloudConnection>;
