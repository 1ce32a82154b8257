import type { Finding } from './model';

/**
 * Checks that may stay unread: they are shown, and none of them makes the plan itself a guess. The run probes the route
 * and DNS before and after it moves (delegation, instances that are stopped or missing, certificates, function
 * responses), and the cloud rejects what is missing, protected or does not fit (aliases, quotas, limits of a DNS plan),
 * while everything that answered still answers. A name that IGTM changes meanwhile no longer has the state that a step
 * expects, which stops the run.
 */
const mayStayUnread: ReadonlySet<string> = new Set([
  'request-size.unread',
  'tls-versions.unread',
  'request-encoding.unread',
  'custom-config.unread',
  'long-responses.unread',
  'path-rewriting.unread',
  'icp-filing.notCheckable',
  'request-headers.unread',
  'function-timeout.unread',
  'function-reserved.unread',
  'target-health.pending',
  'target-health.unread',
  'target-access.unread',
  'target-access.addressGroups',
  'target-network.addressUnread',
  'dns-zone.delegationUnknown',
  'cvm-targets.unread',
  'function-ready.alias',
  'function-ready.availability',
  'certificate.unread',
  'certificate.none',
  'certificate.noEnd',
  'clb-quota.unread',
  'response-contract.untried',
  'response-contract.changed',
  'response-contract.alias',
  'dns-lines.unread',
  'dns-ttl.unread',
  'dns-same-name.unread',
  'still-served.portUnread',
  'peak-concurrency.unread',
  'peak-concurrency.unmeasured',
  'peak-load-balancer.unread',
  'peak-load-balancer.spec',
  'peak-bandwidth.unread',
  'warm-quota.unread',
  'operation-protection.unread',
  'dns-owner.unread',
  'permissions.unread',
  'permissions.byResource',
]);

/**
 * Returns whether a finding prevents a plan from being applied: every `block`, and every `unknown` but those above,
 * because an unread part never counts as passed. So an `unknown` blocks in `choices`, in all nine binding restrictions,
 * and where the function, the load balancer, the rule, the zone or its records could not be read. `warn` never blocks,
 * nor does anything about the side that a Switch leaves.
 */
export function stops(finding: Pick<Finding, 'status' | 'why' | 'isOfOldSide'>): boolean {
  if (finding.status === 'block') return true;
  return finding.status === 'unknown' && !finding.isOfOldSide && !mayStayUnread.has(finding.why);
}
