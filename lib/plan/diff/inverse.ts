import { getHostName } from '@/lib/estate/look-up';
import { objectKey } from '@/lib/estate/object-state';
import { type Durations, forecastOfCall, probeWithinMs } from '@/lib/plan/model/forecast';
import { type DrainStep, type ProbeStep, type Step, StepId, type WriteStep } from '@/lib/plan/model/model';

function isDns(step: WriteStep): boolean {
  return step.object.kind === 'recordSet';
}

function undo(
  { yields: _yields, ...step }: WriteStep,
  id: StepId,
  { phase, durations }: Pick<Making, 'phase' | 'durations'>,
  needs: readonly StepId[],
): WriteStep {
  return {
    ...step,
    id,
    phase,
    call: step.inverse,
    inverse: step.call,
    before: step.after,
    after: step.before,
    undoes: step.id,
    needs,
    forecastMs: forecastOfCall(step.inverse, durations),
  };
}

/**
 * Returns the maximum time for which a resolver may cache an answer from before these writes, in seconds: the largest
 * TTL that was served.
 */
function oldTtlS(dnsSteps: readonly WriteStep[]): number {
  const records = dnsSteps.flatMap(({ after }) => (after.kind === 'recordSet' ? after.records : []));
  return Math.max(0, ...records.map((record) => record.ttlS));
}

/**
 * Returns the probes that each name answers as it did before, after the last DNS write has been undone.
 * @param servedTtlS the largest TTL that the diversion may have served, in seconds
 */
function probeBack(
  dnsSteps: readonly WriteStep[],
  servedTtlS: number,
  number: () => StepId,
  needs: readonly StepId[],
): ProbeStep[] {
  const firsts = new Map<string, WriteStep>();
  for (const step of dnsSteps) {
    if (step.object.kind !== 'recordSet' || step.object.lineId !== '0') continue;
    const name = getHostName(step.object);
    if (!firsts.has(name)) firsts.set(name, step);
  }
  return [...firsts].flatMap(([name, { before }]): readonly ProbeStep[] => {
    if (before.kind !== 'recordSet') return [];
    const on = before.records.filter((r) => r.enabled);
    const type = (['A', 'CNAME', 'AAAA'] as const).find((each) => on.some((r) => r.type === each));
    const old = on.find((r) => r.type === type);
    if (type === undefined || old === undefined) return [];
    const probe = { kind: 'dns', name, type, expect: { value: old.value } } as const;
    const withinMs = probeWithinMs(probe, servedTtlS);
    return [{ kind: 'probe', id: number(), phase: 'rollback', probe, withinMs, needs, forecastMs: 300 }];
  });
}

/**
 * Returns, for each write, the writes of the same list that depend on it, directly or through steps outside the list.
 * Those that depend on these are left out: with them, the size of a plan would grow with the square of its steps.
 */
function dependents(
  steps: readonly Step[],
  writes: readonly WriteStep[],
): ReadonlyMap<StepId, readonly StepId[]> {
  const needs = new Map(steps.map((step) => [step.id, step.needs]));
  const found = new Map<StepId, StepId[]>(writes.map(({ id }) => [id, []]));
  for (const { id } of writes) {
    // Grows while it is iterated.
    const reached = new Set(needs.get(id));
    for (const need of reached) {
      const own = found.get(need);
      if (own !== undefined) own.push(id);
      else for (const further of needs.get(need) ?? []) reached.add(further);
    }
  }
  return found;
}

/** Options for building a part of the rollback. */
type Making = {
  readonly number: () => StepId;
  readonly phase: 'rollback' | 'drain';
  readonly needs: readonly StepId[];
  readonly durations: Durations;
};

/**
 * Rolls back writes, newest first. Each depends on the rollback of its dependents, and of later writes to its object;
 * otherwise they run in parallel.
 */
function undoAll(writes: readonly WriteStep[], steps: readonly Step[], make: Making): WriteStep[] {
  const later = dependents(steps, writes);
  const undone = new Map<StepId, StepId>();
  const lastOn = new Map<string, StepId>();
  return writes.map((step) => {
    const id = make.number();
    const key = objectKey(step.object);
    const before = [
      ...(later.get(step.id) ?? []).flatMap((other) => undone.get(other) ?? []),
      lastOn.get(key) ?? [],
    ];
    const needs = [...new Set([...make.needs, ...before.flat()])];
    undone.set(step.id, id);
    lastOn.set(key, id);
    return undo(step, id, make, needs);
  });
}

/**
 * Returns the rollback steps. Traffic is rolled back first (DNS, and rules that were swapped in place), newest write
 * first; then comes the drain of old answers and kept connections; then the writes on load balancers and functions; the
 * TTL of records last. If a permanent move had its TTL restored, that is undone first. Independent steps run in
 * parallel. Each step compares like any other, so the same list also rolls back a partially applied plan: writes that
 * never happened are found undone.
 * @param keepAliveS the time for which clients keep a connection, in seconds (CLB: 75 by default,
 * https://www.tencentcloud.com/document/product/214/32427)
 */
export function inverseSteps(steps: readonly Step[], keepAliveS: number, durations: Durations = {}): Step[] {
  let count = 0;
  const number = () => StepId.parse(`r${++count}`);
  const writes = steps.filter((step) => step.kind === 'write').reverse();
  if (writes.length === 0) return [];
  const make = (phase: Making['phase'], needs: readonly StepId[]) => ({ number, phase, needs, durations });
  const ids = (some: readonly Step[]) => some.map((step) => step.id);

  const isRestored = (step: WriteStep) => step.phase === 'drain';
  const moves = writes.filter((step) => step.phase === 'divert');
  const dns = moves.filter(isDns);
  const movesBack = undoAll([...writes.filter(isRestored), ...moves], steps, make('rollback', []));
  const dnsBack = movesBack.filter(isDns);
  const probe = probeBack(dns.toReversed(), oldTtlS(writes.filter(isDns)), number, ids(dnsBack));
  const back = [...movesBack, ...probe];
  const early = writes.filter((step) => step.phase !== 'divert' && !isRestored(step));
  const ttls = early.filter(isDns);
  const others = early.filter((step) => !isDns(step));
  if (others.length === 0) return [...back, ...undoAll(ttls, steps, make('drain', ids(back)))];

  const ttlS = oldTtlS(dns);
  const restored = writes.filter(isRestored);
  const drain: DrainStep = {
    kind: 'drain',
    id: number(),
    phase: 'drain',
    oldTtlS: ttlS,
    ...(restored.length === 0 ? {} : { restoredTtlS: oldTtlS(restored) }),
    keepAliveS,
    needs: ids(back),
    forecastMs: (ttlS + keepAliveS) * 1000,
  };
  const unbound = undoAll(others, steps, make('drain', [drain.id]));
  return [...back, drain, ...unbound, ...undoAll(ttls, steps, make('drain', [drain.id, ...ids(unbound)]))];
}
