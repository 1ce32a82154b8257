import { describe, expect, it } from 'vitest';
import { type Cutover, defaultGuards } from '@/lib/diversion/cutover';
import { type ExecutePorts, execute } from '@/lib/run/executor';
import { internalErrorsMax } from '@/lib/run/model/retry';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { RehearsalCloud } from '@/testing/rehearsal/test-cloud';
import { MemoryEngine } from './memory-worker';
import { VirtualClock } from './virtual-clock';

/* Runs a cutover in which a part of Spillway throws what nothing expects: T1 still brings the traffic back. */

const t0 = Date.parse('2026-12-12T00:00:00Z');
const minute = 60_000;
const iso = (ms: number) => new Date(ms).toISOString();

const plan = createTestPlan();
const cutover: Cutover = {
  t0: iso(t0),
  prewarmS: 300,
  t1: iso(t0 + 20 * minute),
  zone: 'UTC',
  missedT0: { kind: 'skip' },
  guards: [...defaultGuards],
};

/** Plays a run whose ports are changed, from 10 minutes before T0 to its end. */
async function play(change: (ports: ExecutePorts, clock: VirtualClock) => Partial<ExecutePorts>) {
  const clock = new VirtualClock(new Date(t0 - 10 * minute));
  const engine = new MemoryEngine(clock);
  const cloud = new RehearsalCloud(plan, clock);
  const { ports } = engine.begin(1, cloud.outer);
  const reported: string[] = [];
  const reportError = (error: unknown) => void reported.push(String(error));
  const { guards } = cutover;
  const input = { plan, cutover, guards, direction: 'apply', attempt: 1, actor: 'test' } as const;
  const result = await clock.run(execute(input, { ...ports, reportError, ...change(ports, clock) }));
  const { events } = engine;
  const stopped = events.flatMap((e) => (e.type === 'stopped' && e.reason.kind === 'internal' ? [e] : []));
  const rollback = events.find((e) => e.type === 'rollback');
  return { result, events, reported, stopped, rollback, cloud };
}

/** Wraps a function so that it throws from an instant on, `times` times. */
function failing<A extends unknown[], R>(
  { clock, from, times = Number.POSITIVE_INFINITY }: { clock: VirtualClock; from: number; times?: number },
  call: (...given: A) => Promise<R>,
): (...given: A) => Promise<R> {
  let left = times;
  return async (...given) => {
    if (clock.now().getTime() >= from && left > 0) {
      left -= 1;
      throw new TypeError('a part of Spillway fails');
    }
    return call(...given);
  };
}

describe('an internal error', () => {
  it('of a measure while the traffic is diverted stops the run, and T1 rolls it back', async () => {
    const { result, stopped, reported, rollback } = await play(({ watcher }, clock) => {
      return { watcher: { sample: failing({ clock, from: t0 + 5 * minute }, watcher.sample) } };
    });
    expect(stopped).toMatchObject([{ direction: 'apply', reason: { message: 'a part of Spillway fails' } }]);
    expect(reported).toEqual(['TypeError: a part of Spillway fails']);
    expect(rollback).toMatchObject({ why: { kind: 'T1' }, at: cutover.t1 });
    expect(result).toBe('rolledBack');
  });

  it('of the check before T0 stops the run, and T1 undoes the prewarm', async () => {
    const { result, stopped, rollback, events } = await play(({ validator }, clock) => {
      return { validator: { ...validator, check: failing({ clock, from: t0 - 10_000 }, validator.check) } };
    });
    expect(stopped).toHaveLength(1);
    expect(events.some((e) => e.type === 'passed' && e.gate === 'T0')).toBe(false);
    expect(rollback).toMatchObject({ why: { kind: 'T1' }, at: cutover.t1 });
    expect(result).toBe('rolledBack');
  });

  it('of a read in the divert stops the run, and T1 rolls it back', async () => {
    const { result, stopped, rollback, cloud } = await play(({ cloud: own }, clock) => {
      return { cloud: { ...own, read: failing({ clock, from: t0, times: 1 }, own.read) } };
    });
    expect(stopped).toHaveLength(1);
    expect(rollback).toMatchObject({ why: { kind: 'T1' }, at: cutover.t1 });
    expect(result).toBe('rolledBack');
    expect(cloud.states).toEqual(new RehearsalCloud(plan, new VirtualClock(new Date(t0))).states);
  });

  it.each([1, internalErrorsMax - 1])('of a rollback, %i times, does not end the rollback', async (times) => {
    const { result, stopped, reported, events } = await play(({ cloud: own }, clock) => {
      return { cloud: { ...own, read: failing({ clock, from: t0 + 20 * minute, times: times }, own.read) } };
    });
    expect(result).toBe('rolledBack');
    expect(stopped).toEqual([]);
    expect(reported).toHaveLength(times);
    const sent = events.flatMap((e) => (e.type === 'intent' && e.direction === 'rollback' ? [e.stepId] : []));
    expect(new Set(sent).size).toBe(sent.length);
  });

  it('of a rollback that stays stops it, with its reason', async () => {
    const { result, stopped, reported } = await play(({ cloud: own }, clock) => {
      return { cloud: { ...own, read: failing({ clock, from: t0 + 20 * minute }, own.read) } };
    });
    expect(result).toBe('stopped');
    expect(reported).toHaveLength(internalErrorsMax);
    expect(stopped).toMatchObject([
      { direction: 'rollback', reason: { message: 'a part of Spillway fails' } },
    ]);
  });
});
