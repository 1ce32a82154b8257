import type { Diversion } from '@/lib/diversion/diversion';
import type { FunctionChoice, FunctionRoute } from '@/lib/diversion/route';
import { getDnsTarget } from '@/lib/estate/dns-target';
import { findFunction, listAddressRecords } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import type { ProvisionedRef } from '@/lib/estate/object';
import { objectKey } from '@/lib/estate/object-state';
import { getOwner } from '@/lib/estate/owner';
import type { Probe } from '@/lib/estate/probe';
import { setProvisioned } from '@/lib/plan/model/calls';
import type { PlannedChange } from '@/lib/plan/model/change';
import { probeWithinMs } from '@/lib/plan/model/forecast';
import { provisionableVersion } from '@/lib/plan/model/function-choice';
import type { OriginalTtl } from '@/lib/plan/model/model';
import type { ResolvedRoute } from '@/lib/plan/model/resolve-route';
import { routeProbe } from '@/lib/plan/model/route-probe';
import { ruleCertificate } from '@/lib/plan/model/rule-certificate';
import { madeKey } from './diff-created';
import { type DnsMove, diffDns } from './diff-dns';
import { diffFunctionRule, diffSwap, diffTargetRule } from './diff-rule';
import { diffSwitchDns } from './diff-switch-dns';

/** Returns the number of instances of a version that are currently requested; null = could not be read. */
function provisionedNow(estate: Estate, ref: ProvisionedRef): number | null {
  const settings = findFunction(estate, ref)?.provisioned;
  if (settings === undefined || settings === null) return null;
  return settings.find(({ qualifier }) => qualifier === ref.qualifier)?.allocated ?? 0;
}

type Wanted = { readonly ref: ProvisionedRef; readonly instances: number };

/** Returns the number of instances of each version that some routes request; the highest request counts. */
function listWanted(estate: Estate, routes: readonly FunctionRoute[]): ReadonlyMap<string, Wanted> {
  const wanted = new Map<string, Wanted>();
  for (const { function: chosen, provisioned } of routes) {
    const choice: FunctionChoice = chosen;
    const version = provisionableVersion(estate, choice);
    if (provisioned === null || version === null) continue;
    const { region, namespace, name } = choice;
    const place = { ...getOwner(choice), region, namespace, name };
    const ref: ProvisionedRef = { kind: 'provisioned', ...place, qualifier: version };
    const key = objectKey(ref).replace('provisioned/', '');
    const instances = Math.max(provisioned, wanted.get(key)?.instances ?? 0);
    wanted.set(key, { ref, instances });
  }
  return wanted;
}

/**
 * Returns the writes that set provisioned concurrency for the functions of some routes, each with a check that the
 * instances are ready. An existing setting is kept if it is high enough.
 * @param all the routes of all names: routes to one version share its instances
 */
function diffProvisioned(
  estate: Estate,
  routes: readonly FunctionRoute[],
  all: readonly FunctionRoute[] = routes,
): PlannedChange[] {
  const most = listWanted(estate, all);
  return [...listWanted(estate, routes)].flatMap(([name, { ref, instances: own }]): PlannedChange[] => {
    const instances = Math.max(own, most.get(name)?.instances ?? 0);
    const now = provisionedNow(estate, ref) ?? 0;
    if (now >= instances) return [];
    const key = `provisioned.${name}`;
    const { kind: _kind, ...place } = ref;
    const probe = { kind: 'ready', ...place, expect: { instances } } as const;
    return [
      {
        kind: 'write',
        key,
        phase: 'prewarm',
        needs: [],
        object: ref,
        call: setProvisioned(ref, instances),
        inverse: setProvisioned(ref, now),
        before: { kind: 'provisioned', instances: now },
        after: { kind: 'provisioned', instances },
      },
      {
        kind: 'probe',
        key: `${key}.ready`,
        phase: 'prewarm',
        needs: [key],
        probe,
        withinMs: probeWithinMs(probe, 0),
      },
    ];
  });
}

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
