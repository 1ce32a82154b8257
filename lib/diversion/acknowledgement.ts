import { z } from 'zod';
import { DomainName } from './names';

/**
 * The findings that an operator may accept, by check and reason: those that predict errors for clients, and load
 * balancers that may have another owner. Each blocks a plan until the operator types the name of the affected domain.
 */
export const outageFindings = [
  'still-served.noListener',
  'still-served.noRule',
  'still-served.noPath',
  'still-served.certificate',
  'still-served.port',
  'protected-edge.shield',
  'protected-edge.cdn',
  'protected-edge.waf',
  'websocket.path',
  'client-certificates.required',
  'dns-record.ipv6Off',
  'rule-free.swap',
  'rule-shadow.takesOver',
  'rule-shadow.takesDomain',
  'target-access.partly',
  'response-contract.slow',
  'peak-concurrency.burst',
  'tke-owner.stale',
] as const;

export type OutageFinding = (typeof outageFindings)[number];

/** Returns whether a finding predicts errors for clients. */
export function isOutage(finding: OutageFinding): boolean {
  return finding !== 'tke-owner.stale';
}

/** Returns whether a diversion causes an outage that an operator has acknowledged. */
export function hasAcknowledgedOutage({
  acknowledged,
}: {
  readonly acknowledged: readonly Acknowledgement[];
}): boolean {
  return acknowledged.some(({ finding }) => isOutage(finding));
}

/** Returns whether two acknowledgements accept the same outage of the same domain. */
export function isSameOutage(a: Acknowledgement, b: Acknowledgement): boolean {
  return a.finding === b.finding && a.domain === b.domain && a.loss === b.loss;
}

/**
 * A known outage that an operator accepts for one domain, so that this finding no longer blocks. It is part of the plan
 * and of its hash, so approvals cover it.
 */
export const Acknowledgement = z.object({
  finding: z.enum(outageFindings),
  domain: DomainName,
  /** Exactly what fails (port, paths, service): if that changes, the acknowledgement no longer applies. */
  loss: z.string().min(1).max(12_000),
});
export type Acknowledgement = z.infer<typeof Acknowledgement>;
