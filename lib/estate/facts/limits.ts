/** Limits of the cloud that plans are checked against. Each number is defined here once, with its source. */

/** One function per forwarding rule. https://www.tencentcloud.com/document/api/214/54047 */
export const functionsPerRuleMax = 1;

/** Triggers of one kind per function. https://www.tencentcloud.com/document/product/583/11637 */
export const clbTriggersPerFunctionMax = 10;

/**
 * The weight that we give a function: its meaning is not documented, and with one function per rule it splits nothing.
 * 10 is the default of Tencent's own tools (https://github.com/serverless-tencent/tencent-component-toolkit).
 */
export const functionWeightDefault = 10;

/** Maximum targets in one RegisterTargets or DeregisterTargets. https://cloud.tencent.com/document/api/214/30676 */
export const targetsPerCallMax = 20;

/**
 * Instances of a version that are started per minute, unless a higher limit was requested.
 * https://www.tencentcloud.com/document/product/583/37704
 */
export const provisionedPerMinute = 100;

/**
 * The default time that a load balancer waits for a silent backend, in seconds, where no custom configuration sets
 * another one (`proxy_read_timeout`). https://www.tencentcloud.com/document/product/214/32427
 */
export const readTimeoutDefaultS = 60;

/**
 * TTL of a record that we create when the name has none yet: DNSPod's default.
 * https://cloud.tencent.com/document/api/1427/56180
 */
export const recordTtlDefaultS = 600;

/** A quota with less than this left after a plan is reported: the next plan may not fit. Our own choice; no source. */
export const quotaLeftLeast = 0.1;

/**
 * A certificate that expires sooner than this, in days, is reported, however short the plan is. Our own choice; no
 * source.
 */
export const certificateDaysLeast = 14;

/**
 * Maximum event size of a synchronously called function, in MB. https://www.tencentcloud.com/document/product/583/11637
 */
export const eventMaxMb = 6;

/**
 * Maximum memory of a function, in MB, unless the account has requested more, which a function with more shows.
 * https://www.tencentcloud.com/document/product/583/11637
 */
export const functionMemoryMaxMb = 3072;

/**
 * The part of an event that a body has left once it is Base64-encoded, in MB: bodies whose type is not `text/*`, JSON,
 * JavaScript or XML are. https://cloud.tencent.com/document/product/583/52635
 */
export const encodedBodyMaxMb = (eventMaxMb * 3) / 4;

/**
 * The TLS versions of a load balancer where no custom configuration sets others.
 * https://www.tencentcloud.com/document/product/214/32427
 */
export const tlsVersionsDefault: readonly string[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2'];

/**
 * Requests per second that load balancers of a specification accept. New connections per second are never the tighter
 * limit. https://www.tencentcloud.com/document/product/214/41563
 */
export const clbSpecQps: Readonly<Record<string, number>> = {
  'clb.c2.medium': 10_000,
  'clb.c3.small': 20_000,
  'clb.c3.medium': 30_000,
  'clb.c4.small': 50_000,
  'clb.c4.medium': 100_000,
  'clb.c4.large': 200_000,
  'clb.c4.xlarge': 300_000,
};

/** Requests per second that a shared load balancer is guaranteed to accept; more may be dropped. Same page. */
export const clbSharedQps = 5000;

/**
 * Maximum bandwidth of a load balancer, in Mbps: of a shared one, and of one with a specification.
 * https://cloud.tencent.com/document/api/214/30694#InternetAccessible
 */
export const bandwidthMaxMbps = { shared: 2048, specified: 61_440 } as const;

/**
 * Size of a response with its headers, in KB, for the bandwidth check. An assumption, because the size during the event
 * is unknown: about a page of HTML (https://httparchive.org/reports/page-weight, bytes of HTML, median).
 */
export const assumedResponseKb = 32;

/**
 * Instances of all functions of a region that may start per minute, in addition to warm ones.
 * https://www.tencentcloud.com/document/product/583/37040
 */
export const burstPerMinute = 500;

/**
 * A limit is reported if the peak needs more than this share of it, because peaks are guesses. Our own choice; no
 * source.
 */
export const peakShareMost = 0.8;

/** Limits of a load balancer: open connections, new connections and requests per second, and bandwidth in Mbps. */
export type BalancerLimits = {
  readonly connections: number;
  readonly newConnectionsPerS: number;
  readonly requestsPerS: number;
  readonly bandwidthMbps: number;
};

function limitsOfSpec(kConnections: number, kNew: number, kRequests: number, gbps: number): BalancerLimits {
  return {
    connections: kConnections * 1000,
    newConnectionsPerS: kNew * 1000,
    requestsPerS: kRequests * 1000,
    bandwidthMbps: gbps * 1024,
  };
}

/**
 * The limits of load balancers by specification. `clb.c1.small` is not in the list, and no document gives its limits.
 * https://www.tencentcloud.com/document/product/214/41563
 */
export const clbSpecLimits: Readonly<Record<string, BalancerLimits>> = {
  'clb.c2.medium': limitsOfSpec(100, 10, 10, 2),
  'clb.c3.small': limitsOfSpec(200, 20, 20, 4),
  'clb.c3.medium': limitsOfSpec(500, 50, 30, 6),
  'clb.c4.small': limitsOfSpec(1000, 100, 50, 10),
  'clb.c4.medium': limitsOfSpec(2000, 200, 100, 20),
  'clb.c4.large': limitsOfSpec(5000, 500, 200, 40),
  'clb.c4.xlarge': limitsOfSpec(10_000, 1000, 300, 60),
};

/** The guarantee of a shared load balancer; more may be dropped. Same page; bandwidth: `bandwidthMaxMbps`. */
export const clbSharedLimits: BalancerLimits = {
  connections: 50_000,
  newConnectionsPerS: 5000,
  requestsPerS: clbSharedQps,
  bandwidthMbps: bandwidthMaxMbps.shared,
};

const largeQuotaRegions: ReadonlySet<string> = new Set([
  'ap-guangzhou',
  'ap-shanghai',
  'ap-beijing',
  'ap-chengdu',
  'ap-hongkong',
]);

/**
 * Returns the memory that all functions of a region may use at once unless the account requested another quota, in MB.
 * https://www.tencentcloud.com/document/product/583/11637 (2025-10-16)
 */
export function scfQuotaDefaultMb(region: string): number {
  return largeQuotaRegions.has(region) ? 128_000 : 64_000;
}
