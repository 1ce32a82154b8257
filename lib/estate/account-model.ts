import { z } from 'zod';
import { ListenerId, LoadBalancerId, RuleId } from './ids';

/**
 * An account's data beside its routes, and its limits: quotas, certificates, custom configurations, permissions. Times
 * are ISO 8601 UTC instants; null = the cloud did not report it, which is never treated as a good value.
 */

const quota = z.number().int().nullable();

/** Quotas of one region's load balancers: DescribeQuota, https://cloud.tencent.com/document/api/214/47704. */
export const ClbQuota = z.object({
  region: z.string(),
  listenersPerLoadBalancer: quota,
  rulesPerListener: quota,
  /** Also applies to a layer-4 listener: the number of targets that one rule may bind. */
  targetsPerRule: quota,
  /** The region's quota, for both generations. */
  publicLoadBalancers: quota.default(null),
  internalLoadBalancers: quota.default(null),
});
export type ClbQuota = z.infer<typeof ClbQuota>;

/** Functions of one region as a whole: GetAccount, https://cloud.tencent.com/document/api/583/53437. */
export const ScfAccount = z.object({
  region: z.string(),
  /**
   * Memory that all functions of the region may use at once: the configured value, or the available one where none is
   * configured.
   */
  quotaMb: quota,
  /** The part of the quota that functions have reserved for themselves. */
  allocatedMb: quota,
  namespaces: z.array(
    z.object({
      name: z.string(),
      /** The part of the quota that provisioned instances hold. */
      provisionedMb: quota,
      /** CLB triggers that one function may have. */
      clbTriggersMax: quota,
    }),
  ),
});
export type ScfAccount = z.infer<typeof ScfAccount>;

/** A namespace of functions, including empty ones: ListNamespaces, https://cloud.tencent.com/document/api/583/37158. */
export const ScfNamespace = z.object({ region: z.string(), name: z.string() });
export type ScfNamespace = z.infer<typeof ScfNamespace>;

/**
 * A certificate of the SSL certificate service: DescribeCertificates, https://cloud.tencent.com/document/api/400/41671.
 */
export const Certificate = z.object({
  id: z.string(),
  /** SVR = a server certificate, CA = one that clients are checked against. */
  kind: z.enum(['SVR', 'CA']).nullable(),
  /** Common name first, then the alternative names; `*.` matches one label. */
  domains: z.array(z.string()),
  notAfter: z.string().nullable(),
  /** other = pending, refused, cancelled and the like: not to be served. */
  status: z.enum(['issued', 'expired', 'revoked', 'other']),
});
export type Certificate = z.infer<typeof Certificate>;

/** A layer-7 custom configuration and its scope: https://www.tencentcloud.com/document/product/214/32427. */
export const CustomConfig = z.object({
  /** `pz-…` */
  id: z.string(),
  name: z.string(),
  region: z.string(),
  /** Bound to whole load balancers, to domains of listeners, to single rules. */
  scope: z.enum(['CLB', 'SERVER', 'LOCATION']),
  bindings: z.array(
    z.object({
      loadBalancerId: LoadBalancerId,
      /** null = all listeners of the load balancer. */
      listenerId: ListenerId.nullable(),
      domain: z.string().nullable(),
      ruleId: RuleId.nullable(),
    }),
  ),
  /** True if requests get `X-Method` with their method: a function has no other way to learn it. */
  addsMethodHeader: z.boolean(),
  /** True if requests get `X-Uri` with their path. */
  addsUriHeader: z.boolean(),
  /** The time that a backend may stay silent; null = not set here, so the default applies. */
  readTimeoutS: z.number().int().nullable(),
  /** Largest request body; null = not set here, so the default applies. */
  bodyMaxMb: z.number().nullable(),
  /** The TLS versions that clients may use, as `TLSv1.2`; null = not set here, so the default applies. */
  tlsVersions: z.array(z.string()).nullable().default(null),
  /** The names of all its directives, each once. */
  directives: z.array(z.string()).default([]),
});
export type CustomConfig = z.infer<typeof CustomConfig>;

/**
 * The lines that zones of a plan may use: DescribeRecordLineList, https://cloud.tencent.com/document/api/1427/56167.
 */
export const DnsPlanLines = z.object({
  grade: z.string(),
  lines: z.array(z.object({ id: z.string(), name: z.string() })),
});
export type DnsPlanLines = z.infer<typeof DnsPlanLines>;

/** The rights of the key, limited to the actions that syncs and plans send (`actions.ts`), each as `clb:CreateRule`. */
export const Permissions = z.object({
  /** cam = the policies of the key's user were read; calls = found out by calls; null = unknown. */
  source: z.enum(['cam', 'calls']).nullable(),
  /** Allowed on everything; null = unknown. An action in neither list is allowed or denied by resource. */
  allowed: z.array(z.string()).nullable(),
  denied: z.array(z.string()),
});
export type Permissions = z.infer<typeof Permissions>;

/** The permissions of a key about which nothing is known. */
export const unknownPermissions: Permissions = { source: null, allowed: null, denied: [] };
