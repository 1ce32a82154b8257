import { hostNameOf } from '@/lib/estate/look-up';
import type { RecordSetState } from '@/lib/estate/object';
import { probeWithinMs } from './forecast';
import type { DrainStep, ProbeStep, Step, WriteStep } from './model';

function isDns(step: WriteStep): boolean {
  return step.object.kind === 'recordSet';
}

function undo(step: WriteStep, id: string, phase: 'revert' | 'drain', needs: readonly string[]): WriteStep {
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
  };
}

/** The longest that a resolver may still hold an answer of the diversion: the largest TTL that was served. */
function oldTtlS(dnsSteps: readonly WriteStep[]): number {
  const states = dnsSteps.map((step) => step.after as RecordSetState);
  return Math.max(0, ...states.flatMap((state) => state.records.map((record) => record.ttlS)));
}

/** Asks whether a name answers as it did before, after its last DNS write has been undone. */
function probeBack(
  dnsSteps: readonly WriteStep[],
  number: () => string,
  needs: readonly string[],
): ProbeStep[] {
  const first = dnsSteps.find((step) => step.object.kind === 'recordSet' && step.object.lineId === '0');
  if (first?.object.kind !== 'recordSet' || first.before.kind !== 'recordSet') return [];
  const old = first.before.records.find((r) => r.enabled && (r.type === 'A' || r.type === 'CNAME'));
  if (old === undefined) return [];
  const type = old.type === 'A' ? 'A' : 'CNAME';
  const probe = { kind: 'dns', name: hostNameOf(first.object), type, expect: { value: old.value } } as const;
  const withinMs = probeWithinMs(probe, oldTtlS(dnsSteps));
  return [{ kind: 'probe', id: number(), phase: 'revert', probe, withinMs, needs, forecastMs: 300 }];
}

/**
 * The way back: DNS first, newest write first; then the wait until old answers and kept connections are gone;
 * only then the writes on load balancers, newest first. Each undoing step compares like any other, so a plan
 * that was applied half-way is taken back by the same list: what was never done is found undone.
 * @param keepAliveS how long clients keep a connection, in seconds (CLB: 75 by default,
 *   https://www.tencentcloud.com/document/product/214/32427).
 */
export function inverseSteps(steps: readonly Step[], keepAliveS: number): Step[] {
  let count = 0;
  const number = () => `r${++count}`;
  const writes = steps.filter((step) => step.kind === 'write').reverse();
  if (writes.length === 0) return [];

  const back: Step[] = [];
  const last = () => back.slice(-1).map((step) => step.id);
  const dns = writes.filter(isDns);
  for (const step of dns) back.push(undo(step, number(), 'revert', last()));
  back.push(...probeBack(dns.toReversed(), number, last()));

  const ttlS = oldTtlS(dns);
  const drain: DrainStep = {
    kind: 'drain',
    id: number(),
    phase: 'drain',
    oldTtlS: ttlS,
    keepAliveS,
    needs: last(),
    forecastMs: (ttlS + keepAliveS) * 1000,
  };
  const others = writes.filter((step) => !isDns(step));
  if (others.length > 0) back.push(drain);
  for (const step of others) back.push(undo(step, number(), 'drain', last()));
  return back;
}
