import { z } from 'zod';
import { ListenerId, LoadBalancerId, RuleId } from './ids';

/**
 * What an account has beside its routes, and what bounds them: quotas, certificates, custom configurations, permissions.
 * Times are ISO 8601 UTC instants; null = the cloud did not say, which is never taken for a good value.
 */

const quota = z.number().int().nullable();

/** Quotas of one region's load balancers: DescribeQuota, https://cloud.tencent.com/document/api/214/47704. */
export const ClbQuota = z.object({
  region: z.string(),
  listenersPerLoadBalancer: quota,
  rulesPerListener: quota,
  /** Also of a layer-4 listener: what one rule may bind. */
  targetsPerRule: quota,
  /** Of the region, both generations. */
  publicLoadBalancers: quota.default(null),
  internalLoadBalancers: quota.default(null),
});
export type ClbQuota = z.infer<typeof ClbQuota>;

/** Functions of one region as a whole: GetAccount, https://cloud.tencent.com/document/api/583/53437. */
export const ScfAccount = z.object({
  region: z.string(),
  /** Memory that all functions of the region may use at once: what is set, or what can be had where nothing is. */
  quotaMb: quota,
  /** The part of it that functions have reserved for themselves. */
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

/** A namespace of functions, empty ones too: ListNamespaces, https://cloud.tencent.com/document/api/583/37158. */
export const ScfNamespace = z.object({ region: z.string(), name: z.string() });
export type ScfNamespace = z.infer<typeof ScfNamespace>;

/** Of the SSL certificate service: DescribeCertificates, https://cloud.tencent.com/document/api/400/41671. */
export const Certificate = z.object({
  id: z.string(),
  /** SVR = of a server, CA = what clients are checked against. */
  kind: z.enum(['SVR', 'CA']).nullable(),
  /** Common name first, then the further names; `*.` stands for one label. */
  domains: z.array(z.string()),
  notAfter: z.string().nullable(),
  /** other = under way, refused, cancelled and the like: not to be served. */
  status: z.enum(['issued', 'expired', 'revoked', 'other']),
});
export type Certificate = z.infer<typeof Certificate>;

/** A layer-7 custom configuration and where it holds: https://www.tencentcloud.com/document/product/214/32427. */
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
  /** Whether requests get `X-Method` with their method: a function learns it from nowhere else. */
  addsMethodHeader: z.boolean(),
  /** Whether requests get `X-Uri` with their path. */
  addsUriHeader: z.boolean(),
  /** How long a backend may stay silent; null = not set here, so the default holds. */
  readTimeoutS: z.number().int().nullable(),
  /** Largest request body; null = not set here, so the default holds. */
  bodyMaxMb: z.number().nullable(),
});
export type CustomConfig = z.infer<typeof CustomConfig>;

/** The lines that zones of a plan may use: DescribeRecordLineList, https://cloud.tencent.com/document/api/1427/56167. */
export const DnsPlanLines = z.object({
  grade: z.string(),
  lines: z.array(z.object({ id: z.string(), name: z.string() })),
});
export type DnsPlanLines = z.infer<typeof DnsPlanLines>;

/** What the key may do, of the actions that reading and plans send (`actions.ts`), each as `clb:CreateRule`. */
export const Permissions = z.object({
  /** cam = the policies of the key's user were read; calls = found out by calls; null = not known. */
  source: z.enum(['cam', 'calls']).nullable(),
  /** Allowed on everything; null = not known. An action in neither list is allowed or refused by resource. */
  allowed: z.array(z.string()).nullable(),
  denied: z.array(z.string()),
});
export type Permissions = z.infer<typeof Permissions>;

/** The permissions of a key of which nothing is known. */
export const unknownPermissions: Permissions = { source: null, allowed: null, denied: [] };
