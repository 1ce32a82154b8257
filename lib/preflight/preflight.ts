import { anticipate } from '@/lib/plan/anticipate';
import { checkedEstate } from '@/lib/plan/checked-estate';
import { replan } from '@/lib/plan/plan-anew';
import { resolveRoute } from '@/lib/plan/resolve-route';
import { checkAccountType } from './account-type';
import { checkBlast } from './blast';
import { checkCertificate } from './certificate';
import { checkChoices } from './choices';
import { noCircumstances } from './circumstances';
import { checkClbQuota } from './clb-quota';
import { checkCreated } from './created';
import { checkCvmTargets } from './cvm-targets';
import { checkDefaultDomain } from './default-domain';
import { checkDnsAnswers } from './dns-answers';
import { checkDnsLines } from './dns-lines';
import { checkDnsRecord } from './dns-record';
import { checkDnsSameName } from './dns-same-name';
import { checkDnsTtl } from './dns-ttl';
import { checkDnsZone } from './dns-zone';
import { checkDomainMatch } from './domain-match';
import { checkFunctionReady } from './function-ready';
import { checkFunctionReserved } from './function-reserved';
import { checkFunctionTimeout } from './function-timeout';
import { checkFunctionType } from './function-type';
import { checkGeneration } from './generation';
import { checkIpVersion } from './ip-version';
import { weighed } from './left-side';
import { checkListenerProtocol } from './listener-protocol';
import { checkListenerState } from './listener-state';
import { checkLoadBalancerState } from './load-balancer-state';
import type { Check, CheckId, CheckInput, Finding, PreflightInput } from './model';
import { checkNetwork } from './network';
import { checkOneFunction } from './one-function';
import { checkOverlap } from './overlap';
import { checkPeakBandwidth } from './peak-bandwidth';
import { checkPeakConcurrency } from './peak-concurrency';
import { checkPeakLoadBalancer } from './peak-load-balancer';
import { checkPermissions } from './permissions';
import { checkProtectedEdge } from './protected-edge';
import { checkReachability } from './reachability';
import { checkRedirects } from './redirects';
import { checkRegion } from './region';
import { checkRequestHeaders } from './request-headers';
import { checkRequestSize } from './request-size';
import { checkResponseContract } from './response-contract';
import { checkRuleFree } from './rule-free';
import { checkRuleShadow } from './rule-shadow';
import { checkSameRegion } from './same-region';
import { checkStillServed } from './still-served';
import { checkSwitchDns } from './switch-dns';
import { checkTargetAccess } from './target-access';
import { checkTargetHealth } from './target-health';
import { checkTargetNetwork } from './target-network';
import { checkTargetWeight } from './target-weight';
import { checkWarmQuota } from './warm-quota';
import { checkWarmVersion } from './warm-version';
import { checkRollback } from './way-back';
import { checkWebSocket } from './websocket';

/** One entry per check id: a check that is named but not implemented does not compile. */
const checks: Readonly<Record<CheckId, Check>> = {
  choices: checkChoices,
  region: checkRegion,
  'account-type': checkAccountType,
  generation: checkGeneration,
  network: checkNetwork,
  'same-region': checkSameRegion,
  'ip-version': checkIpVersion,
  'listener-protocol': checkListenerProtocol,
  'function-type': checkFunctionType,
  'one-function': checkOneFunction,
  'function-ready': checkFunctionReady,
  'function-reserved': checkFunctionReserved,
  'warm-version': checkWarmVersion,
  'warm-quota': checkWarmQuota,
  'function-timeout': checkFunctionTimeout,
  'request-headers': checkRequestHeaders,
  'request-size': checkRequestSize,
  'response-contract': checkResponseContract,
  'rule-free': checkRuleFree,
  'rule-shadow': checkRuleShadow,
  'default-domain': checkDefaultDomain,
  redirects: checkRedirects,
  'still-served': checkStillServed,
  websocket: checkWebSocket,
  'load-balancer-state': checkLoadBalancerState,
  'listener-state': checkListenerState,
  certificate: checkCertificate,
  'clb-quota': checkClbQuota,
  created: checkCreated,
  'domain-match': checkDomainMatch,
  'dns-zone': checkDnsZone,
  'dns-record': checkDnsRecord,
  'dns-lines': checkDnsLines,
  'dns-ttl': checkDnsTtl,
  'dns-same-name': checkDnsSameName,
  'dns-answers': checkDnsAnswers,
  'protected-edge': checkProtectedEdge,
  'switch-dns': checkSwitchDns,
  'cvm-targets': checkCvmTargets,
  'target-health': checkTargetHealth,
  'target-weight': checkTargetWeight,
  'target-network': checkTargetNetwork,
  'target-access': checkTargetAccess,
  reachability: checkReachability,
  'peak-concurrency': checkPeakConcurrency,
  'peak-load-balancer': checkPeakLoadBalancer,
  'peak-bandwidth': checkPeakBandwidth,
  permissions: checkPermissions,
  blast: checkBlast,
  'way-back': checkRollback,
  overlap: checkOverlap,
};

/** Runs every check over a diversion: all reasons at once, in the order of `checkIds`. */
export function preflight(input: PreflightInput): readonly Finding[] {
  const given = buildCheckInput(input);
  const findings = Object.values(checks).flatMap((check) => check(given));
  return findings.map((finding) => weighed(input.diversion, finding));
}

function buildCheckInput({
  estate: now,
  diversion,
  restores,
  circumstances = noCircumstances(now),
}: PreflightInput): CheckInput {
  const before = checkedEstate(now, restores);
  const { estate, routes } = anticipate(before, diversion);
  const resolved = routes.map((route, index) => resolveRoute(estate, route, index));
  const planned = replan({ diversion, restores }, now, 0);
  return {
    estate,
    before,
    diversion,
    circumstances,
    routes: resolved.flatMap((result) => (result.ok ? [result.value] : [])),
    problems: resolved.flatMap((result) => (result.ok ? [] : [result.error])),
    steps: planned.ok ? planned.value.steps : [],
    revert: planned.ok ? planned.value.revert : [],
  };
}

/**
 * Checks that may stay unread: they are shown, and none of them makes the plan itself a guess. The run probes the route
 * and DNS before and after it moves (delegation, instances that are stopped or missing, certificates, function
 * responses), and the cloud rejects what is missing or does not fit (aliases, quotas, limits of a DNS plan), while
 * everything that answered still answers.
 */
const mayStayUnread: ReadonlySet<string> = new Set([
  'request-size.unread',
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
  'peak-concurrency.unread',
  'peak-concurrency.unmeasured',
  'peak-load-balancer.unread',
  'peak-load-balancer.spec',
  'peak-bandwidth.unread',
  'warm-quota.unread',
  'permissions.unread',
  'permissions.byResource',
]);

/**
 * Returns whether a finding prevents a plan from being applied: every `block`, and every `unknown` but those above,
 * because an unread part never counts as passed. So an `unknown` blocks in `choices`, in all nine binding restrictions,
 * and where the function, the load balancer, the rule, the zone or its records could not be read. `warn` never blocks,
 * nor does anything about the side that a Switch leaves.
 */
export function stops(finding: Finding): boolean {
  if (finding.status === 'block') return true;
  return finding.status === 'unknown' && !finding.isOfLeftSide && !mayStayUnread.has(finding.why);
}
