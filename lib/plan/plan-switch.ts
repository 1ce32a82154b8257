import type { SwitchDiversion } from '@/lib/diversion/switch';
import { addressRecordsOf, dnsTargetOf } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import type { Probe } from '@/lib/estate/probe';
import { invariant } from '@/lib/invariant';
import { ok, type Result } from '@/lib/result';
import type { Change } from './change';
import { diffFunctionRule } from './diff-rule';
import { diffSwitchDns } from './diff-switch-dns';
import { probeWithinMs } from './forecast';
import { inverseSteps } from './inverse';
import { laneProbe } from './lane-probe';
import type { Plan } from './model';
import { numbered } from './numbered';
import { orderChanges } from './order';
import { type PlanProblem, type ResolvedLane, resolveLanes } from './resolve-lane';

/** What proves the new side: before DNS moves through its address, afterwards by name, if all of it has moved. */
function probes(
  estate: Estate,
  lane: ResolvedLane,
  diversion: SwitchDiversion,
  bound: readonly Change[],
): { readonly before: readonly Change[]; readonly after: (dns: readonly Change[]) => readonly Change[] } {
  const oldTtlS = Math.max(0, ...addressRecordsOf(estate, lane.hostName).map((record) => record.ttlS));
  const probe = (
    key: string,
    phase: 'prewarm' | 'verify',
    asked: Probe,
    needs: readonly string[],
  ): Change => ({
    kind: 'probe',
    key,
    phase,
    needs,
    probe: asked,
    withinMs: probeWithinMs(asked, oldTtlS),
  });
  const http = laneProbe(lane, diversion.toward === 'function' ? diversion.laneB.expectedBody : null);
  const target = dnsTargetOf(lane.loadBalancer);
  const isWhole = diversion.ramp.at(-1)?.percent === 100;
  const name = target && {
    kind: 'dns' as const,
    name: lane.hostName,
    type: target.type,
    expect: { value: target.value },
  };
  return {
    before: http
      ? [
          probe(
            'probe',
            'prewarm',
            http,
            bound.map((change) => change.key),
          ),
        ]
      : [],
    after: (dns) => {
      const moved = dns.map((change) => change.key);
      const resolves = name && isWhole ? [probe('resolves', 'verify', name, moved)] : [];
      const answers = http
        ? [probe('answers', 'verify', http, [...moved, ...resolves.map((change) => change.key)])]
        : [];
      return [...resolves, ...answers];
    },
  };
}

/**
 * Plans a Switch: binds the function where it is missing, proves the side that is moved to through its address, and moves
 * the name there by weights and status of its records, share by share. Pure: the same inputs give the same plan.
 * @param input.keepAliveS how long clients may keep a connection open, in seconds.
 * @returns the plan, or every choice that could not be found in the estate.
 */
export function planSwitch(input: {
  estate: Estate;
  diversion: SwitchDiversion;
  keepAliveS: number;
}): Result<Plan, readonly PlanProblem[]> {
  const { estate, diversion, keepAliveS } = input;
  const lanes = resolveLanes(estate, diversion);
  if (!lanes.ok) return lanes;
  const { a, b } = lanes.value;
  const lane = diversion.toward === 'function' ? b : a;
  const bound =
    diversion.toward === 'function' ? diffFunctionRule(b.ref, b.rule, diversion.laneB.function, 'b') : [];
  const { before, after } = probes(estate, lane, diversion, bound);
  const dns =
    lane.zone === undefined
      ? []
      : diffSwitchDns(estate, {
          hostName: lane.hostName,
          zone: lane.zone,
          gaining: lane.loadBalancer,
          ramp: diversion.ramp,
          key: 'dns',
          needs: [...bound, ...before].map((change) => change.key),
        });
  const isNothing = dns.length === 0 && bound.length === 0;
  const ordered = orderChanges(
    isNothing ? [] : [...bound, ...before, ...dns, ...(dns.length > 0 ? after(dns) : [])],
  );
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
