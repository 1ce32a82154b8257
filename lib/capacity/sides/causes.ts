/**
 * The causes for which a request is not served, with what its client sees. For a function the load balancer passes on
 * SCF's codes, which is an assumption of the sandbox, too: no document says what a client gets.
 * https://www.tencentcloud.com/document/product/583/35311
 */
export const refusalCauses = [
  /** The function's reservation, or the region's quota, is used up: 432. */
  'functionConcurrency',
  /** New instances start too fast: 429. */
  'functionBurst',
  /** The instance that starts for the request takes longer than the function's initialization timeout: 450. */
  'functionColdStart',
  /** The function exceeds its timeout: 433. It has run, and is billed. */
  'functionTimeout',
  /** The function fails: 430 and other codes of its own. */
  'functionError',
  /** The servers' queues are full, or the application fails: 5xx. */
  'serverBusy',
  'serverError',
  /** The load balancer's wait ends before a server is free: 504. */
  'serverTimeout',
  /** The request itself takes longer than the load balancer waits, however many servers there are: 504. */
  'serverSlow',
  /** Nothing to send it to: 503. */
  'noBackend',
  /** The load balancer's limits. A dropped request gets no response. */
  'balancerRequests',
  'balancerConnections',
  'balancerBandwidth',
] as const;
export type RefusalCause = (typeof refusalCauses)[number];

/** The response that a client sees, by cause. `dropped` = none. */
export const causeResponse: Readonly<
  Record<RefusalCause, '432' | '429' | '450' | '433' | '5xx' | '504' | '503' | 'dropped'>
> = {
  functionConcurrency: '432',
  functionBurst: '429',
  functionColdStart: '450',
  functionTimeout: '433',
  functionError: '5xx',
  serverBusy: '5xx',
  serverError: '5xx',
  serverTimeout: '504',
  serverSlow: '504',
  noBackend: '503',
  balancerRequests: 'dropped',
  balancerConnections: 'dropped',
  balancerBandwidth: 'dropped',
};
