import { checkAccountType } from './account-type';
import { checkCvmTargets } from './cvm-targets';
import { checkDnsRecord } from './dns-record';
import { checkDnsZone } from './dns-zone';
import { checkDomainMatch } from './domain-match';
import { checkFunctionReady } from './function-ready';
import { checkFunctionType } from './function-type';
import { checkGeneration } from './generation';
import { checkIpVersion } from './ip-version';
import { checkListenerProtocol } from './listener-protocol';
import { checkLoadBalancerState } from './load-balancer-state';
import type { Check, CheckId, Finding, PreflightInput } from './model';
import { checkNetwork } from './network';
import { checkOneFunction } from './one-function';
import { checkReachability } from './reachability';
import { checkRegion } from './region';
import { checkRuleFree } from './rule-free';
import { checkSameRegion } from './same-region';

/** One entry per check id: a check that is named but not made does not compile. */
const checks: Readonly<Record<CheckId, Check>> = {
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
  'rule-free': checkRuleFree,
  'load-balancer-state': checkLoadBalancerState,
  'domain-match': checkDomainMatch,
  'dns-zone': checkDnsZone,
  'dns-record': checkDnsRecord,
  'cvm-targets': checkCvmTargets,
  reachability: checkReachability,
};

/** Runs every check over a diversion: all reasons at once, in the order of `checkIds`. */
export function preflight(input: PreflightInput): readonly Finding[] {
  return Object.values(checks).flatMap((check) => check(input));
}

/** Whether a finding keeps a plan from being applied. What can't be read is not taken for passed. */
export function stops(finding: Finding): boolean {
  return finding.status === 'block';
}
