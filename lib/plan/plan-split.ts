import type { SplitDiversion } from '@/lib/diversion/split';
import { addressRecordsOf, dnsTargetOf } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import type { HttpProbe, Probe } from '@/lib/estate/probe';
import { invariant } from '@/lib/invariant';
import { err, ok, type Result } from '@/lib/result';
import type { Change } from './change';
import { diffDns } from './diff-dns';
import { diffFunctionRule, diffTargetRule } from './diff-rule';
import { forecastMs, probeWithinMs } from './forecast';
import { inverseSteps } from './inverse';
import type { Plan, Step, StepId } from './model';
import { orderChanges } from './order';
import { type PlanProblem, type ResolvedLane, resolveLane } from './resolve-lane';

/** A path that the rule's URL surely matches; a regular expression names none, so its requests go to the root. */
function pathOf(url: string): string {
  const plain = url.replace(/^(=|\^~)\s*/, '');
  return plain.startsWith('/') ? plain : '/';
}

function httpProbe(lane: ResolvedLane, bodyContains: string | null): HttpProbe | undefined {
  const address = lane.loadBalancer.domain ?? lane.loadBalancer.vips[0];
  if (address === undefined) return undefined;
  return {
    kind: 'http',
    host: lane.hostName,
    path: pathOf(lane.ref.url),
    scheme: lane.listener.protocol === 'HTTPS' ? 'https' : 'http',
    address,
    port: lane.listener.port,
    expect: { status: 200, bodyContains },
  };
}

const keysOf = (changes: readonly Change[]): string[] => changes.map((change) => change.key);

/** One lane's changes: the rule, a probe through the address, DNS, and the proof that both hold afterwards. */
function laneChanges(
  estate: Estate,
  lane: ResolvedLane,
  ruleChanges: readonly Change[],
  key: string,
  bodyContains: string | null,
): Change[] {
  const http = httpProbe(lane, bodyContains);
  const oldTtlS = Math.max(0, ...addressRecordsOf(estate, lane.hostName).map((record) => record.ttlS));
  const probe = (
    name: string,
    phase: 'prewarm' | 'verify',
    asked: Probe,
    needs: readonly string[],
  ): Change => ({
    kind: 'probe',
    key: `${key}.${name}`,
    phase,
    needs,
    probe: asked,
    withinMs: probeWithinMs(asked, oldTtlS),
  });
  const before = http ? [probe('probe', 'prewarm', http, keysOf(ruleChanges))] : [];
  const dns =
    lane.zone === undefined
      ? []
      : diffDns(estate, {
          hostName: lane.hostName,
          zone: lane.zone,
          loadBalancer: lane.loadBalancer,
          key: `${key}.dns`,
          needs: [...keysOf(ruleChanges), ...keysOf(before)],
        });
  if (dns.length === 0) return ruleChanges.length === 0 ? [] : [...ruleChanges, ...before];

  const target = dnsTargetOf(lane.loadBalancer);
  const resolves: Change[] = target
    ? [
        probe(
          'resolves',
          'verify',
          { kind: 'dns', name: lane.hostName, type: target.type, expect: { value: target.value } },
          keysOf(dns),
        ),
      ]
    : [];
  const answers = http ? [probe('answers', 'verify', http, [...keysOf(dns), ...keysOf(resolves)])] : [];
  return [...ruleChanges, ...before, ...dns, ...resolves, ...answers];
}

function numbered(changes: readonly Change[]): Step[] {
  const ids = new Map<string, StepId>(changes.map((change, index) => [change.key, `s${index + 1}`]));
  return changes.map((change): Step => {
    const id = ids.get(change.key);
    invariant(id !== undefined, `change ${change.key} has a number`);
    const needs = change.needs.flatMap((key) => ids.get(key) ?? []);
    const { phase } = change;
    if (change.kind === 'probe') {
      const { probe, withinMs } = change;
      return { kind: 'probe', id, phase, probe, withinMs, needs, forecastMs: forecastMs(change) };
    }
    const { object, call, inverse, before, after } = change;
    const forecast = forecastMs(change);
    return {
      kind: 'write',
      id,
      phase,
      object,
      call,
      before,
      after,
      inverse,
      undoes: null,
      needs,
      forecastMs: forecast,
    };
  });
}

/**
 * Plans a Split: what has to change in the estate so that domain A reaches its CVM targets and domain B the function,
 * in order, with the way back. Things outside the two lanes are not touched. Pure: the same inputs give the same plan.
 * @param input.keepAliveS how long clients may keep a connection open, in seconds.
 * @returns the plan, or every choice that could not be found in the estate.
 */
export function planSplit(input: {
  estate: Estate;
  diversion: SplitDiversion;
  keepAliveS: number;
}): Result<Plan, readonly PlanProblem[]> {
  const { estate, diversion, keepAliveS } = input;
  const a = resolveLane(estate, diversion.laneA, 'laneA');
  const b = resolveLane(estate, diversion.laneB, 'laneB');
  if (!a.ok || !b.ok) return err([a, b].flatMap((lane) => (lane.ok ? [] : [lane.error])));

  const targetChanges = diffTargetRule(a.value.ref, a.value.rule, diversion.laneA.addTargets, 'a');
  const functionChanges = diffFunctionRule(b.value.ref, b.value.rule, diversion.laneB.function, 'b');
  const ordered = orderChanges([
    ...laneChanges(estate, a.value, targetChanges, 'a', null),
    ...laneChanges(estate, b.value, functionChanges, 'b', diversion.laneB.expectedBody),
  ]);
  invariant(ordered.ok, 'the planner declared needs that wait for each other');

  const steps = numbered(ordered.value);
  return ok({
    diversion,
    connectionId: estate.connectionId,
    estateTakenAt: estate.takenAt,
    steps,
    revert: inverseSteps(steps, keepAliveS),
  });
}
