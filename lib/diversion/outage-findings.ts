import type { Acknowledgement } from './acknowledgement';

/**
 * The findings that predict errors for clients, by check and reason. Each blocks a plan until an operator acknowledges
 * it by typing the name of the affected domain.
 */
export const outageFindings = [
  'still-served.noListener',
  'still-served.noRule',
  'still-served.noPath',
  'still-served.certificate',
  'protected-edge.shield',
  'protected-edge.cdn',
  'protected-edge.waf',
  'websocket.path',
  'dns-record.ipv6Off',
  'rule-free.swap',
  'rule-shadow.takesOver',
  'rule-shadow.takesDomain',
  'target-access.partly',
  'response-contract.slow',
  'peak-concurrency.burst',
] as const;
export type OutageFinding = (typeof outageFindings)[number];

/** Returns whether a diversion causes an outage that an operator has acknowledged. */
export function hasAcknowledgedOutage({
  acknowledged,
}: {
  readonly acknowledged: readonly Acknowledgement[];
}): boolean {
  return acknowledged.length > 0;
}

/** Returns whether two acknowledgements accept the same outage of the same domain. */
export function isSameOutage(a: Acknowledgement, b: Acknowledgement): boolean {
  return a.finding === b.finding && a.domain === b.domain && a.loss === b.loss;
}
