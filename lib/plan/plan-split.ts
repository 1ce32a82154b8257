import type { SplitDiversion } from '@/lib/diversion/split';
import { addressRecordsOf, dnsTargetOf } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import type { Probe } from '@/lib/estate/probe';
import { invariant } from '@/lib/invariant';
import { ok, type Result } from '@/lib/result';
import type { Change } from './change';
import { diffDns } from './diff-dns';
import { diffFunctionRule, diffTargetRule } from './diff-rule';
import { probeWithinMs } from './forecast';
import { inverseSteps } from './inverse';
import { laneProbe } from './lane-probe';
import type { Plan } from './model';
import { numbered } from './numbered';
import { orderChanges } from './order';
import { type PlanProblem, type ResolvedLane, resolveLanes } from './resolve-lane';

const keysOf = (changes: readonly Change[]): string[] => changes.map((change) => change.key);

/** One lane's changes: the rule, a probe through the address, DNS, and the proof that both hold afterwards. */
function laneChanges(
  estate: Estate,
  lane: ResolvedLane,
  ruleChanges: readonly Change[],
  key: string,
  bodyContains: string | null,
): Change[] {
  const http = laneProbe(lane, bodyContains);
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
  const lanes = resolveLanes(estate, diversion);
  if (!lanes.ok) return lanes;
  const { a, b } = lanes.value;

  const targetChanges = diffTargetRule(a.ref, a.rule, diversion.laneA.addTargets, 'a');
  const functionChanges = diffFunctionRule(b.ref, b.rule, diversion.laneB.function, 'b');
  const ordered = orderChanges([
    ...laneChanges(estate, a, targetChanges, 'a', null),
    ...laneChanges(estate, b, functionChanges, 'b', diversion.laneB.expectedBody),
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
