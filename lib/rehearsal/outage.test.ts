import { describe, expect, it } from 'vitest';
import type { FailureAdvice } from '@/lib/cloud/errors';
import type { Cutover } from '@/lib/diversion/cutover';
import type { Diversion } from '@/lib/diversion/diversion';
import { invariant } from '@/lib/invariant';
import { PlanId } from '@/lib/plan/model/model';
import { execute } from '@/lib/run/executor';
import { findBlockedRollback } from '@/lib/run/model/find-blocked-rollback';
import { foldRun, type RunRecord } from '@/lib/run/model/fold-run';
import type { RunEvent, RunView } from '@/lib/run/model/model';
import { applyRetryMs, attentionAfterMs, blockedRetryMs } from '@/lib/run/model/retry';
import { RunId } from '@/lib/run/model/run-id';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { testSplit, testWaves } from '@/testing/plan/test-estate';
import { RehearsalCloud } from '@/testing/rehearsal/test-cloud';
import { MemoryEngine } from './memory-worker';
import { VirtualClock } from './virtual-clock';

/* Runs a cutover whose cloud is unreachable for a time: T1 still happens without intervention. */

const t0 = Date.parse('2026-12-12T00:00:00Z');
const minute = 60_000;
const t1 = t0 + 20 * minute;
const iso = (ms: number) => new Date(ms).toISOString();

const makePlan = (diversion: Diversion) => createTestPlan({ diversion });

const splitPlan = makePlan(testSplit());
const cutover: Cutover = {
  t0: iso(t0),
  prewarmS: 300,
  t1: iso(t1),
  zone: 'UTC',
  missedT0: { kind: 'skip' },
  guards: [],
};

const recordRun = (events: readonly RunEvent[], plan = splitPlan): RunRecord => ({
  id: RunId.parse('R-1'),
  planId: PlanId.parse('P-1'),
  plan,
  connectionKind: 'sandbox',
  cutover,
  guards: cutover.guards,
  events,
  attempts: [{ attempt: 1, direction: 'apply', actor: 'test', reason: '', requestedAt: iso(t0) }],
});

/** Makes the cloud unreachable from an instant on, or from the start of a drain, and plays the run to its end. */
async function play(
  from: number | 'drain',
  forMs: number,
  code?: string,
  advice?: FailureAdvice,
  plan = splitPlan,
) {
  const clock = new VirtualClock(new Date(t0 - 10 * minute));
  const cloud = new RehearsalCloud(plan, clock);
  let back = 0;
  const leave = () => {
    back = clock.now().getTime() + forMs;
    cloud.away(new Date(back), code, advice);
  };
  const seen: RunView['state'][] = [];
  const view = () => foldRun(recordRun(engine.events, plan));
  const engine = new MemoryEngine(clock, (event) => {
    if (from === 'drain' && event.type === 'waiting') leave();
    seen.push(view().state);
  });
  if (from !== 'drain') clock.after(from - clock.now().getTime(), leave);
  const worker = engine.begin(1, cloud.outer);
  const { guards } = cutover;
  const input = { plan, cutover, guards, direction: 'apply', attempt: 1, actor: 'test' } as const;
  const result = await clock.run(execute(input, worker.ports));
  return { result, events: engine.events, back, seen, view: view(), cloud };
}

const done = (events: readonly RunEvent[]) =>
  events.filter((e) => e.direction === 'rollback' && (e.type === 'intent' || e.type === 'stepDone'));
const stopped = (events: readonly RunEvent[]) =>
  events.filter((e) => e.type === 'stopped' && e.direction === 'rollback');
const lengths = [1000, 5000, 30_000, 2 * minute, 9 * minute, 30 * minute];

describe('an unreachable cloud', () => {
  it.each(lengths)('from T1 on, for %i ms: the rollback begins within 2 s of its return', async (forMs) => {
    const { result, events, back, seen } = await play(t1, forMs);
    expect(result).toBe('rolledBack');
    expect(stopped(events)).toEqual([]);
    const turned = events.find((e) => e.type === 'rollback');
    expect(turned).toMatchObject({ why: { kind: 'T1' }, at: iso(t1) });
    expect(Date.parse(done(events)[0]?.at ?? '') - back).toBeLessThanOrEqual(2000);
    expect(seen.includes('retrying')).toBe(forMs > 2000);
  });

  it.each(
    ['RequestLimitExceeded', 'InternalError', 'Http.502'].flatMap((code) =>
      [2000, 12_000, 60_000].map((forMs) => ({ code, forMs })),
    ),
  )('that responds with $code from T1 on, for $forMs ms: likewise', async ({ code, forMs }) => {
    const { result, events, back } = await play(t1, forMs, code);
    expect(result).toBe('rolledBack');
    expect(stopped(events)).toEqual([]);
    expect(Date.parse(done(events)[0]?.at ?? '') - back).toBeLessThanOrEqual(2000);
  });

  it.each(lengths)('from T0 on, for %i ms: the run ends at T1 or keeps its schedule', async (forMs) => {
    const { result, events, back } = await play(t0, forMs);
    expect(result).toBe('rolledBack');
    expect(stopped(events)).toEqual([]);
    expect(events.find((e) => e.type === 'rollback')).toMatchObject({ why: { kind: 'T1' }, at: iso(t1) });
    const first = Date.parse(done(events)[0]?.at ?? '');
    expect(first - Math.max(back, t1)).toBeLessThanOrEqual(2000);
  });

  it.each(lengths)('from the drain on, for %i ms: it ends as soon as possible', async (forMs) => {
    const { result, events, back } = await play('drain', forMs);
    expect(result).toBe('rolledBack');
    expect(stopped(events)).toEqual([]);
    const waiting = events.find((e) => e.type === 'waiting');
    invariant(waiting?.type === 'waiting', 'it drains');
    const drained = events.find((e) => e.type === 'stepDone' && e.outcome === 'waited');
    expect(Date.parse(drained?.at ?? '') - Math.max(back, Date.parse(waiting.until))).toBeLessThanOrEqual(
      2000,
    );
  });

  it('that refuses the rollback stops it, and it continues once the cause is gone', async () => {
    const { result, events, back, seen } = await play(t1, 5 * minute, 'UnauthorizedOperation', 'giveUp');
    expect(result).toBe('rolledBack');
    // One stop, so one alert; each further try says when the next one is.
    expect(stopped(events)).toHaveLength(1);
    const tries = events.filter((e) => e.type === 'blocked');
    expect(tries.map((e) => e.tries)).toEqual(tries.map((_, index) => index + 1));
    expect(tries.length).toBeGreaterThanOrEqual(10);
    for (const { at, retryAt } of tries) expect(Date.parse(retryAt) - Date.parse(at)).toBe(blockedRetryMs);
    expect(events.filter((e) => e.type === 'recovered')).toHaveLength(1);
    const first = events.find((e) => e.type === 'stepDone' && e.direction === 'rollback');
    expect(Date.parse(first?.at ?? '') - back).toBeLessThanOrEqual(blockedRetryMs + 5000);
    expect(seen.filter((state, index) => state === 'stopped' && seen[index - 1] !== 'stopped')).toHaveLength(
      1,
    );
  });

  it('that refuses the rollback: its stop has the last error, the tries and the next one', async () => {
    const { events } = await play(t1, 2 * minute, 'UnauthorizedOperation', 'giveUp');
    const last = events.findLastIndex((e) => e.type === 'blocked');
    const blocked = events[last];
    invariant(blocked?.type === 'blocked', 'it was blocked');
    const blockedRun = { ...recordRun(events), events: events.slice(0, last + 1) };
    expect(foldRun(blockedRun)).toMatchObject({
      state: 'stopped',
      direction: 'rollback',
      stopped: {
        reason: { error: { code: 'UnauthorizedOperation' } },
        retry: { tries: 4, at: blocked.retryAt },
      },
    });
    const writes = splitPlan.rollback.filter((step) => step.kind === 'write');
    expect(findBlockedRollback(blockedRun)).toEqual({
      step: 1,
      steps: splitPlan.rollback.length,
      functionShare: 100,
      calls: writes.map(({ id, call }) => ({ stepId: id, call })),
    });
    expect(findBlockedRollback(recordRun(events))).toBeNull();
  });

  it('that refuses two steps at once: one stop, and each further try is one event', async () => {
    const names = ['shop.example.co.id', 'flash.example.co.id'];
    const plan = makePlan(testWaves([names]));
    const code = 'UnauthorizedOperation';
    const { result, events, seen } = await play(t1, 3 * minute, code, 'giveUp', plan);
    expect(result).toBe('rolledBack');
    const first = events.findIndex((e) => e.type === 'blocked');
    const steps = events.slice(0, first).flatMap((e) => (e.type === 'stopped' ? [e.stepId] : []));
    expect(new Set(steps).size).toBeGreaterThan(1);
    expect(stopped(events)).toHaveLength(steps.length);
    const tries = events.filter((e) => e.type === 'blocked').map((e) => e.tries);
    expect(tries).toEqual(tries.map((_, index) => index + 1));
    expect(seen.filter((state, index) => state === 'stopped' && seen[index - 1] !== 'stopped')).toHaveLength(
      1,
    );
  });

  it('reports the retried operation, its start and count, and the recovery', async () => {
    const { events } = await play(t1, 5 * minute);
    const retrying = events.filter((e) => e.type === 'retrying');
    expect(retrying[0]).toMatchObject({
      cause: { kind: 'cloudError', error: { code: 'Network.ECONNREFUSED', action: 'DescribeTargets' } },
      since: iso(t1),
    });
    expect(retrying.length).toBeLessThan(10);
    // Again once it needs attention: which attempt has failed, and that a rollback does not stop.
    const [, second] = retrying;
    invariant(second?.type === 'retrying', 'it lasts');
    expect(Date.parse(second.at) - Date.parse(second.since)).toBeGreaterThanOrEqual(attentionAfterMs);
    expect(Date.parse(second.at) - Date.parse(second.since)).toBeLessThan(attentionAfterMs + 5000);
    expect(second.attempt).toBeGreaterThan(10);
    expect(second.until).toBeNull();
    expect(events.filter((e) => e.type === 'recovered')).toHaveLength(1);
  });

  it('reports when an apply stops retrying', async () => {
    const { events } = await play(t0, minute);
    const retrying = events.find((e) => e.type === 'retrying');
    invariant(retrying?.type === 'retrying', 'it lasts');
    const { until, since } = retrying;
    expect(Date.parse(until ?? '') - Date.parse(since)).toBe(applyRetryMs.divert);
  });
});
