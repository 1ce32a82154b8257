import { findFunction, findRule } from '@/lib/estate/look-up';
import { type DnsRecord, type Estate, type Rule, Target } from '@/lib/estate/model';
import type { RecordSetRef, RecordSetState, RuleRef, RuleState, TargetState } from '@/lib/estate/object';
import { recordKey } from '@/lib/estate/object-state';
import { isSameTarget } from '@/lib/estate/target';
import { anticipate } from '@/lib/plan/model/anticipate';
import type { Restore } from '@/lib/plan/model/model';
import { resolveRoute } from '@/lib/plan/model/resolve-route';
import { replan } from '@/lib/plan/replan';
import { createFindings, sources } from '@/lib/preflight/model/finding';
import { listFunctionRoutes, routeFieldName } from '@/lib/preflight/model/routes';
import { inTurns } from '@/lib/timing/in-turns';
import { checkDnsAnswers } from './dns/dns-answers';
import { checkDnsLines } from './dns/dns-lines';
import { checkDnsRecord } from './dns/dns-record';
import { checkDnsSameName } from './dns/dns-same-name';
import { checkDnsTtl } from './dns/dns-ttl';
import { checkDnsZone } from './dns/dns-zone';
import { checkProtectedEdge } from './dns/protected-edge';
import { checkSwitchDns } from './dns/switch-dns';
import { checkFunctionReady } from './function/function-ready';
import { checkFunctionReserved } from './function/function-reserved';
import { checkFunctionTimeout } from './function/function-timeout';
import { checkOneFunction } from './function/one-function';
import { checkPeakConcurrency } from './function/peak-concurrency';
import { checkRequestHeaders } from './function/request-headers';
import { checkRequestSize } from './function/request-size';
import { checkResponseContract } from './function/response-contract';
import { checkWarmQuota } from './function/warm-quota';
import { checkWarmVersion } from './function/warm-version';
import { checkCertificate } from './load-balancer/certificate';
import { checkClbQuota } from './load-balancer/clb-quota';
import { checkCreated } from './load-balancer/created';
import { checkDefaultDomain } from './load-balancer/default-domain';
import { checkDomainMatch } from './load-balancer/domain-match';
import { checkGeneration } from './load-balancer/generation';
import { checkIpVersion } from './load-balancer/ip-version';
import { checkListenerProtocol } from './load-balancer/listener-protocol';
import { checkListenerState } from './load-balancer/listener-state';
import { checkLoadBalancerState } from './load-balancer/load-balancer-state';
import { checkNetwork } from './load-balancer/network';
import { checkPeakBandwidth } from './load-balancer/peak-bandwidth';
import { checkPeakLoadBalancer } from './load-balancer/peak-load-balancer';
import { checkReachability } from './load-balancer/reachability';
import { checkRedirects } from './load-balancer/redirects';
import { checkRegion } from './load-balancer/region';
import { checkRuleFree } from './load-balancer/rule-free';
import { checkRuleShadow } from './load-balancer/rule-shadow';
import { checkSameRegion } from './load-balancer/same-region';
import { checkStillServed } from './load-balancer/still-served';
import { noConditions } from './model/conditions';
import type { Check, CheckId, CheckInput, Finding, PreflightInput } from './model/model';
import { weighed } from './model/weigh-finding';
import { checkClientAddress } from './moved/client-address';
import { checkClientCertificates } from './moved/client-certificates';
import { checkCustomConfig } from './moved/custom-config';
import { checkHttp2 } from './moved/http2';
import { checkIcpFiling } from './moved/icp-filing';
import { checkLongResponses } from './moved/long-responses';
import { checkPathRewriting } from './moved/path-rewriting';
import { checkRequestEncoding } from './moved/request-encoding';
import { checkSessionStickiness } from './moved/session-stickiness';
import { checkTlsVersions } from './moved/tls-versions';
import { checkWebSocket } from './moved/websocket';
import { checkDnsOwner } from './owners/dns-owner';
import { checkOperationProtection } from './owners/operation-protection';
import { checkTaggedOwner } from './owners/tagged-owner';
import { checkTkeOwner } from './owners/tke-owner';
import { checkAccountType } from './plan/account-type';
import { checkBlast } from './plan/blast';
import { checkRollback } from './plan/check-rollback';
import { checkChoices } from './plan/choices';
import { checkOverlap } from './plan/overlap';
import { checkPermissions } from './plan/permissions';
import { checkEachSafetyRule } from './plan/safety-rules';
import { checkCvmTargets } from './servers/cvm-targets';
import { checkTargetAccess } from './servers/target-access';
import { checkTargetHealth } from './servers/target-health';
import { checkTargetNetwork } from './servers/target-network';
import { checkTargetWeight } from './servers/target-weight';

const { pass, block, unknown } = createFindings('function-type', sources.binding);

/** Checks that functions are Event functions: only these can be bound; HTTP functions (web functions) can't. */
const checkFunctionType: Check = (input) =>
  listFunctionRoutes(input).map((resolved): Finding => {
    const choice = resolved.route.function;
    const name = `${choice.namespace}/${choice.name}`;
    const field = routeFieldName(resolved, 'function');
    const found = { field, objects: [name], values: { function: name } };
    const chosen = findFunction(input.estate, choice);
    if (chosen === undefined) return unknown({ ...found, why: 'unknown' });
    if (chosen.type === 'Event') return pass({ ...found, why: 'pass' });
    const other = input.estate.functions.find(
      (f) => f.type === 'Event' && f.region === choice.region && f.status === 'Active',
    );
    const fix = other && {
      label: 'useFunction',
      values: { function: `${other.namespace}/${other.name}` },
      patch: { field, value: `${other.region}/${other.namespace}/${other.name}` },
    };
    return block({ ...found, why: 'http', fix: fix ?? null });
  });

/** Returns a target as it is, or its known fields before it is bound again. */
function findTarget(targets: readonly Target[], wanted: TargetState): Target {
  const known = targets.find((target) => isSameTarget(target, wanted));
  if (known !== undefined) return { ...known, weight: wanted.weight };
  const { instanceId, eniIp = null } = wanted;
  const kind = instanceId === undefined ? 'ENI' : 'CVM';
  return Target.parse({ ...wanted, kind, instanceName: null, privateIp: eniIp });
}

function withRule(estate: Estate, ref: RuleRef, { targets, functions }: RuleState): Estate {
  const rule = findRule(estate, ref.listenerId, ref.domain, ref.url);
  if (rule === undefined) return estate;
  const restored: Rule = {
    ...rule,
    targets: targets.map((target) => findTarget(rule.targets, target)),
    functions,
  };
  return { ...estate, rules: estate.rules.map((each) => (each === rule ? restored : each)) };
}

/** The remaining records get their intended weights. */
function withWeights(estate: Estate, ref: RecordSetRef, { records }: RecordSetState): Estate {
  const weights = new Map(records.map((record) => [recordKey(record), record.weight]));
  const isInSet = ({ zone, subdomain, lineId }: DnsRecord) =>
    zone === ref.zone && subdomain === ref.subdomain && lineId === ref.lineId;
  const restored = estate.records.map((record) => {
    const weight = isInSet(record) ? weights.get(recordKey(record)) : undefined;
    return weight === undefined ? record : { ...record, weight };
  });
  return { ...estate, records: restored };
}

/**
 * The estate against which a plan's diversion is checked. A backend that a restore removes first does not block it: the
 * checks of bindings use the restored rule, and those of shares the restored weights.
 */
function checkedEstate(estate: Estate, restores: readonly Restore[] = []): Estate {
  return restores.reduce((so: Estate, { object, state }) => {
    if (object.kind === 'rule' && state.kind === 'rule') return withRule(so, object, state);
    return object.kind === 'recordSet' && state.kind === 'recordSet' ? withWeights(so, object, state) : so;
  }, estate);
}

/** One entry per check id, but for the last one: a check that is named but not implemented does not compile. */
const checks: Readonly<Record<Exclude<CheckId, 'safety-rules'>, Check>> = {
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
  'tke-owner': checkTkeOwner,
  'operation-protection': checkOperationProtection,
  'dns-owner': checkDnsOwner,
  'tagged-owner': checkTaggedOwner,
  'client-certificates': checkClientCertificates,
  'tls-versions': checkTlsVersions,
  'session-stickiness': checkSessionStickiness,
  http2: checkHttp2,
  'request-encoding': checkRequestEncoding,
  'client-address': checkClientAddress,
  'custom-config': checkCustomConfig,
  'long-responses': checkLongResponses,
  'path-rewriting': checkPathRewriting,
  'icp-filing': checkIcpFiling,
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
  rollback: checkRollback,
  overlap: checkOverlap,
};

/** Runs every check over a diversion: all reasons at once, in the order of `checkIds`. */
export function preflight(input: PreflightInput): readonly Finding[] {
  return [...preflightEachCheck(input)].flat();
}

/** Runs every check as `preflight` does. Other work of the process continues between them. */
export async function preflightInTurns(input: PreflightInput): Promise<readonly Finding[]> {
  return (await inTurns(preflightEachCheck(input))).flat();
}

function* preflightEachCheck(input: PreflightInput): Generator<readonly Finding[]> {
  const given = yield* buildCheckInput(input);
  const weigh = (found: readonly Finding[]) => found.map((finding) => weighed(input.diversion, finding));
  for (const check of Object.values(checks)) yield weigh(check(given));
  for (const found of checkEachSafetyRule(given)) yield weigh(found);
}

function* buildCheckInput({
  estate: now,
  diversion,
  restores,
  originalTtls = [],
  conditions = noConditions(now),
}: PreflightInput): Generator<readonly Finding[], CheckInput> {
  const before = checkedEstate(now, restores);
  const { estate, routes } = anticipate(before, diversion);
  yield [];
  const resolved = routes.map((route, index) => resolveRoute(estate, route, index));
  yield [];
  const planned = replan({ diversion, restores, originalTtls }, now, 0);
  yield [];
  return {
    estate,
    before,
    diversion,
    conditions,
    routes: resolved.flatMap((result) => (result.ok ? [result.value] : [])),
    problems: resolved.flatMap((result) => (result.ok ? [] : [result.error])),
    steps: planned.ok ? planned.value.steps : [],
    rollback: planned.ok ? planned.value.rollback : [],
    originalTtls,
  };
}
