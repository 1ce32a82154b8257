/** Limits of the cloud that plans are checked against. Each number stands here once, with its source. */

/** One function per forwarding rule. https://www.tencentcloud.com/document/api/214/54047 */
export const functionsPerRuleMax = 1;

/** Triggers of one kind per function. https://www.tencentcloud.com/document/product/583/11637 */
export const clbTriggersPerFunctionMax = 10;

/**
 * Weight that we give a function: its meaning is not documented, and with one function per rule it splits nothing.
 * 10 is the default of Tencent's own tools (https://github.com/serverless-tencent/tencent-component-toolkit).
 */
export const functionWeightDefault = 10;

/** Targets in one RegisterTargets or DeregisterTargets. https://cloud.tencent.com/document/api/214/30676 */
export const targetsPerCallMax = 20;

/** Instances of a version that are started a minute, where nobody has asked for more. https://www.tencentcloud.com/document/product/583/44843 */
export const provisionedPerMinute = 100;

/**
 * How long a load balancer waits for a backend that says nothing, in seconds, where no custom configuration says
 * otherwise (`proxy_read_timeout`). https://www.tencentcloud.com/document/product/214/32427
 */
export const readTimeoutDefaultS = 60;

/** TTL of a record that we create when the name has none yet: DNSPod's default. https://cloud.tencent.com/document/api/1427/56180 */
export const recordTtlDefaultS = 600;

/** A quota of which less than this is left after a plan is said: the next plan may not fit. Ours; no source. */
export const quotaLeftLeast = 0.1;

/** A certificate that ends sooner than this, in days, is said, however short the plan is. Ours; no source. */
export const certificateDaysLeast = 14;

/** Largest event of a function that is called synchronously, in MB. https://www.tencentcloud.com/document/product/583/11637 */
export const eventMaxMb = 6;
