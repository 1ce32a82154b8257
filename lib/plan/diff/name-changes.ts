import type { Diversion } from '@/lib/diversion/diversion';
import type { FunctionRoute } from '@/lib/diversion/route';
import { getDnsTarget } from '@/lib/estate/dns-target';
import { listAddressRecords } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import type { Probe } from '@/lib/estate/probe';
import type { PlannedChange } from '@/lib/plan/model/change';
import { probeWithinMs } from '@/lib/plan/model/forecast';
import type { OriginalTtl } from '@/lib/plan/model/model';
import type { ResolvedRoute } from '@/lib/plan/model/resolve-route';
import { routeProbe } from '@/lib/plan/model/route-probe';
import { ruleCertificate } from '@/lib/plan/model/rule-certificate';
import { madeKey } from './diff-created';
import { type DnsMove, diffDns } from './diff-dns';
import { diffProvisioned } from './diff-provisioned';
import { diffFunctionRule, diffSwap, diffTargetRule } from './diff-rule';
import { diffSwitchDns } from './diff-switch-dns';

/** The routes of one name, and their diversion. */
export type NameInput = {
  readonly estate: Estate;
  readonly diversion: Diversion;
  readonly routes: readonly ResolvedRoute[];
  /** The routes of all names. */
  readonly all: readonly ResolvedRoute[];
  /** Keys of the changes that create load balancers and listeners. */
  readonly made: ReadonlySet<string>;
  /** The time for which clients keep a connection, in seconds. */
  readonly keepAliveS: number;
  /** The TTLs that an earlier run has lowered. */
  readonly originalTtls: readonly OriginalTtl[];
};

const changeKeys = (changes: readonly PlannedChange[]): string[] => changes.map((change) => change.key);

function ruleChanges({ estate, all, made }: NameInput, resolved: ResolvedRoute): PlannedChange[] {
  const { index, route, ref, rule, listener } = resolved;
  const key = `r${index}`;
  const needs = [madeKey(listener.id), madeKey(ref.loadBalancerId)].filter((each) => made.has(each));
  const place = { ref, rule, key, needs, certificateId: ruleCertificate(estate, all, resolved) };
  if (route.to === 'cvm') return diffTargetRule(place, route.addTargets);
  if (route.rule.kind === 'swap' && rule !== undefined) return diffSwap(ref, rule, route.function, key);
  return diffFunctionRule(place, route.function);
}

/** Returns the DNS changes of the name, once all of its routes exist. */
function dnsChanges(
  { estate, diversion, routes, keepAliveS, originalTtls }: NameInput,
  needs: readonly string[],
): PlannedChange[] {
  const [first] = routes;
  if (first?.zone === undefined) return [];
  const { hostName, zone, loadBalancer } = first;
  const { lowerTtlS } = diversion;
  const key = `dns.${hostName}`;
  const move: DnsMove = { hostName, zone, loadBalancer, key, needs, lowerTtlS, keepAliveS, originalTtls };
  return diversion.kind === 'switch'
    ? diffSwitchDns(estate, { ...move, ramp: diversion.ramp })
    : diffDns(estate, move);
}

/** Returns whether the whole name points at the load balancer in the end: a ramp may end at a lower share. */
function isWhole(diversion: Diversion): boolean {
  return diversion.kind !== 'switch' || diversion.ramp.at(-1)?.percent === 100;
}

/** The phase of probes: before the move, after it, or after it with more waves to follow. */
type ProofPhase = 'prewarm' | 'divert' | 'verify';

function proofs(input: NameInput, phase: ProofPhase, needs: readonly string[]): PlannedChange[] {
  const { estate, routes } = input;
  const oldTtlS = Math.max(
    0,
    ...routes.flatMap(({ hostName }) => listAddressRecords(estate, hostName).map((record) => record.ttlS)),
  );
  const probe = (key: string, asked: Probe, after: readonly string[]): PlannedChange => ({
    kind: 'probe',
    key,
    phase,
    needs: after,
    probe: asked,
    withinMs: probeWithinMs(asked, oldTtlS),
  });
  const [first] = routes;
  const target = first && getDnsTarget(first.loadBalancer);
  const resolves =
    phase !== 'prewarm' && first?.zone !== undefined && target && isWhole(input.diversion)
      ? [
          probe(
            `dns.${first.hostName}.resolves`,
            { kind: 'dns', name: first.hostName, type: target.type, expect: { value: target.value } },
            needs,
          ),
        ]
      : [];
  const answers = routes.flatMap((resolved) => {
    const http = routeProbe(resolved);
    return http ? [probe(`r${resolved.index}.${phase}`, http, [...needs, ...changeKeys(resolves)])] : [];
  });
  return [...resolves, ...answers];
}

/** Returns the gaining side of a Switch; the other one is unchanged. */
function gaining(routes: readonly ResolvedRoute[], diversion: Diversion): readonly ResolvedRoute[] {
  return diversion.kind === 'switch' ? routes.filter(({ route }) => route.to === diversion.toward) : routes;
}

function listFunctionRoutes(routes: readonly ResolvedRoute[]): readonly FunctionRoute[] {
  return routes.flatMap(({ route }) => (route.to === 'function' ? [route] : []));
}

/** The changes for one name. */
export type NameChanges = {
  /** Its rules and their bindings, warm instances, the probe through the address, and DNS. */
  readonly changes: readonly PlannedChange[];
  /** The keys of those that move traffic. */
  readonly moved: readonly string[];
  /** Returns the final probes, which follow the changes of these keys. */
  readonly prove: (phase: 'divert' | 'verify', needs: readonly string[]) => readonly PlannedChange[];
};

/**
 * Returns the changes for one name. If everything is already in place, only a TTL that an earlier run has lowered is
 * restored.
 */
export function nameChanges(input: NameInput): NameChanges {
  const { estate, diversion } = input;
  const routes = gaining(input.routes, diversion);
  const side = { ...input, routes };
  const rules = routes.flatMap((resolved) => ruleChanges(side, resolved));
  const all = listFunctionRoutes(gaining(input.all, diversion));
  const warm = diffProvisioned(estate, listFunctionRoutes(routes), all);
  const early = [...rules.filter(({ phase }) => phase === 'prewarm'), ...warm];
  const swaps = rules.filter(({ phase }) => phase === 'divert');
  // A rule that is swapped in place responds from its targets until T0.
  const standing = { ...side, routes: routes.filter(({ route }) => route.rule.kind !== 'swap') };
  const before = proofs(standing, 'prewarm', changeKeys(early));
  const ready = [...changeKeys(early), ...changeKeys(before)];
  // A rule that is swapped in place has no backend for a moment: DNS moves there only afterwards.
  const dns = dnsChanges(side, [...ready, ...changeKeys(swaps)]);
  const moves = dns.filter(({ phase }) => phase === 'divert');
  const isInPlace = early.length + swaps.length + moves.length === 0;
  const gated = swaps.map((change) => ({ ...change, needs: [...ready, ...change.needs] }));
  return {
    changes: isInPlace ? dns : [...early, ...before, ...gated, ...dns],
    moved: [...changeKeys(moves), ...changeKeys(gated)],
    prove: (phase, needs) => proofs(side, phase, needs),
  };
}
