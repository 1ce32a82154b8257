import { describe, expect, it } from 'vitest';
import type { Cutover } from '@/lib/diversion/cutover';
import type { Problem } from '@/lib/run/model/model';
import { lastCheckMs } from '@/lib/run/model/retry';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { RehearsedRun } from '@/testing/rehearsal/rehearsed-run';
import { VirtualClock } from './virtual-clock';

/* When a run evaluates rights and approvals again, on a virtual clock. */

const t0 = Date.parse('2026-12-12T00:00:00Z');
const minute = 60_000;
const iso = (ms: number) => new Date(ms).toISOString();

const plan = createTestPlan();
const phaseOf = (id: string) => plan.steps.find((step) => step.id === id)?.phase;

const cutover: Cutover = {
  t0: iso(t0),
  prewarmS: 600,
  t1: iso(t0 + 120 * minute),
  zone: 'UTC',
  missedT0: { kind: 'ask' },
  guards: [],
};

const lost: Problem = { kind: 'authorLost', values: { actor: 'sari@example.com' } };
const expired: Problem = { kind: 'unapproved', values: { given: 0, needed: 1 } };

/** A run whose rights a test can take away. `checked` counts how often they were evaluated. */
function rehearse(schedule: Cutover | null = null) {
  const run = new RehearsedRun(plan, schedule, new VirtualClock(new Date(t0 - 30 * minute)));
  const seen = { problems: [] as readonly Problem[], checked: 0 };
  run.validator = {
    check: async () => seen.problems,
    checkRights: async () => {
      seen.checked += 1;
      return seen.problems;
    },
    checkWrite: async () => [],
  };
  return { run, seen, phases: () => run.cloud.effects.map(phaseOf) };
}

const stoppedFor = (problem: Problem) => ({
  state: 'stopped',
  stopped: { stepId: null, reason: { kind: 'invalid', problems: [problem] } },
});

describe('a run that is applied at once', () => {
  it('evaluates rights before its first write and before its divert', async () => {
    const { run, seen } = rehearse();
    expect(await run.go('apply')).toBe('done');
    expect(seen.checked).toBe(2);
  });

  it('writes nothing if a right was lost before a worker started it', async () => {
    const { run, seen, phases } = rehearse();
    seen.problems = [lost];
    expect(await run.go('apply')).toBe('stopped');
    expect(run.view()).toMatchObject(stoppedFor(lost));
    expect(phases()).toEqual([]);
  });

  it('is stopped before its divert if an approval expires during prewarm, and continues once it is approved', async () => {
    const { run, seen, phases } = rehearse();
    run.onEvent = (event) => {
      if (event.type === 'stepDone' && phaseOf(event.stepId) === 'prewarm') seen.problems = [expired];
    };
    expect(await run.go('apply')).toBe('stopped');
    expect(run.view()).toMatchObject(stoppedFor(expired));
    expect(new Set(phases())).toEqual(new Set(['prewarm']));
    expect(await run.go('apply'), 'a retry is checked, too').toBe('stopped');
    expect(new Set(phases())).toEqual(new Set(['prewarm']));
    run.onEvent = () => {};
    seen.problems = [];
    expect(await run.go('apply')).toBe('done');
    expect(phases()).toContain('divert');
  });

  it('rolls back without any right', async () => {
    const { run, seen } = rehearse();
    expect(await run.go('apply')).toBe('done');
    seen.problems = [lost];
    expect(await run.go('rollback')).toBe('rolledBack');
  });
});

describe('a run on a schedule', () => {
  it('evaluates them at its gates alone as long as no one retries it', async () => {
    const { run, seen } = rehearse({ ...cutover, t1: null });
    expect(await run.go('apply')).toBe('done');
    expect(seen.checked).toBe(0);
  });

  it('is checked again on a retry after T0, and T1 rolls it back in any case', async () => {
    const guard = { measure: 'probeFailures', limit: 50, forS: 0, outcome: 'stop' } as const;
    const { run, seen } = rehearse({ ...cutover, guards: [guard] });
    run.clock.after(40 * minute, () => run.cloud.answer(false));
    run.clock.after(50 * minute, () => run.cloud.answer(true));
    const retried = new Promise<string>((resolve) => {
      run.clock.after(60 * minute, () => {
        seen.problems = [expired];
        void run.begin('apply').then(resolve);
      });
    });
    const first = expect(run.begin('apply'), 'the retry fences it off').rejects.toThrow('claimed the run');
    expect(await run.clock.run(retried)).toBe('rolledBack');
    await first;
    const stops = run.engine.events.filter(({ type }) => type === 'stopped');
    expect(stops).toMatchObject([
      { direction: 'apply', reason: { kind: 'guard' } },
      { at: iso(t0 + 30 * minute), reason: { kind: 'invalid', problems: [expired] } },
    ]);
    expect(run.engine.events.find(({ type }) => type === 'rollback')).toMatchObject({ at: cutover.t1 });
  });

  it('is checked again once a person lets it continue after a missed T0', async () => {
    const { run, seen, phases } = rehearse({ ...cutover, t1: null });
    run.clock.after(25 * minute, () => run.clock.jump(20 * minute));
    run.clock.after(60 * minute, () => {
      expect(run.view().state).toBe('missed');
      seen.problems = [lost];
      run.send('continue');
    });
    expect(await run.go('apply')).toBe('stopped');
    expect(run.view()).toMatchObject(stoppedFor(lost));
    expect(phases()).not.toContain('divert');
  });
});

describe('a scheduled run without enough approvals', () => {
  const checks = ({ engine }: RehearsedRun) => engine.events.filter(({ type }) => type === 'checked');

  it('waits for them until its last check, and has failed none', async () => {
    const clock = new VirtualClock(new Date(t0 - 30 * minute));
    const run = new RehearsedRun(plan, cutover, clock);
    const approvedAt = t0 - 12 * minute;
    const check = async () => (clock.now().getTime() < approvedAt ? [expired] : []);
    run.validator = { check, checkRights: async () => [], checkWrite: async () => [] };
    expect(await run.go('apply')).toBe('rolledBack');
    expect(checks(run)).toEqual([]);
  });

  it('is stopped by its last check, for them and all else', async () => {
    const { run, seen } = rehearse(cutover);
    const frozen: Problem = { kind: 'frozen', values: { freeze: 'Settlement' } };
    seen.problems = [expired, frozen];
    await run.go('apply');
    expect(checks(run)).toMatchObject([{ problems: [frozen] }, { problems: [expired, frozen] }]);
    const at = iso(t0 - cutover.prewarmS * 1000 - lastCheckMs);
    expect(run.engine.events.find(({ type }) => type === 'stopped')).toMatchObject({
      at,
      reason: { kind: 'invalid' },
    });
  });
});
