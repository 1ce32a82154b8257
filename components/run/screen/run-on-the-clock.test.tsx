// @vitest-environment happy-dom

import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MoreMenu } from '@/components/shell/palette/more-menu';
import type { RunPageView } from '@/lib/contract/run';
import type { Guard } from '@/lib/diversion/cutover';
import { PlanId, StepId } from '@/lib/plan/model/model';
import { ok } from '@/lib/result';
import type { Sample } from '@/lib/run/model/model';
import { answerRunPage } from '@/testing/components/test-charts';
import { renderPage } from '@/testing/components/test-page';
import {
  testCutover as cutover,
  testRunPlan as plan,
  testRun,
  testView,
} from '@/testing/components/test-run';
import { outlineSteps } from './outline-steps';
import { RunScreen } from './run-screen';

const done = plan.steps.map((step) => testView(step, 'done', { startedAt: cutover.t0, durationMs: 1500 }));

/** Replaces only the wall clock of these tests; timers run normally. */
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-12-11T17:07:42.000Z') });
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function open(run: RunPageView, tab: 'now' | 'changes' = 'now') {
  vi.stubGlobal(
    'fetch',
    answerRunPage(() => run),
  );
  const actions = {
    commandRun: async () => ok(null),
    replanRun: async () => ok({ planId: PlanId.parse('p-2') }),
  };
  return renderPage(
    <RunScreen
      {...{ tab, ...actions }}
      initial={run}
      outline={outlineSteps(run.plan)}
      commands={<MoreMenu />}
    />,
  );
}

const sample = (second: number, errorRate: number | null, dead: number): Sample => ({
  at: new Date(Date.parse(cutover.t0) + second * 1000).toISOString(),
  measures: { errorRate, unhealthyTargets: dead, latency: 9 },
  probes: [],
});

describe('a scheduled run', () => {
  it('shows that it is scheduled, and its guards before anything is measured', () => {
    const gate = { gate: 'prewarm', due: cutover.t0 } as const;
    open(testRun({ state: 'scheduled', cutover, gate }));
    expect(screen.getByRole('status').textContent).toContain('Scheduled');
    const guards = within(screen.getByRole('region', { name: 'Guards' }));
    expect(guards.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual([
      'Failed probes Rolls back above 50 % for 20 s',
      'Slowest probe Stops above 5,000 ms for 30 s',
    ]);
    cleanup();
    open(testRun({ state: 'rolledBack', cutover }));
    expect(screen.queryByRole('region', { name: 'Guards' })).toBeNull();
  });

  it('says which of its guards have no value since the settings have changed', () => {
    const guards: Guard[] = [
      { measure: 'notConverged', limit: 20, forS: 300, outcome: 'stop' },
      { measure: 'latency', limit: 5000, forS: 30, outcome: 'stop' },
    ];
    const figureIntervals = { trafficS: 60, probeS: 0 };
    open(testRun({ state: 'scheduled', cutover: { ...cutover, guards }, figureIntervals }));
    const items = within(screen.getByRole('region', { name: 'Guards' })).getAllByRole('listitem');
    expect(
      items.map(({ textContent }) => textContent?.includes("It can't act now: SPILLWAY_PROBE_S is 0.")),
    ).toEqual([true, false]);
  });

  it('is diverted until T1 in the time zone of the cutover, with the time left and the lateness of its first call', () => {
    const gate = { gate: 'T1', due: cutover.t1 } as const;
    open(testRun({ state: 'diverted', apply: done, cutover, gate, latenessMs: 12 }));
    expect(screen.getByText('T1 in 01:52:18')).toBeTruthy();
    expect(screen.getByText('First call 12 ms after T0')).toBeTruthy();
    const strip = within(screen.getByRole('region', { name: 'Ramp' }));
    expect(strip.getByText('01:52:18 left')).toBeTruthy();
    expect(strip.getAllByText(/02:00:00 WIB/).length).toBeGreaterThan(0);
    expect(screen.getByRole('status').textContent).toContain('Diverted');
  });

  it('counts down to prewarm, then to T0', () => {
    vi.setSystemTime('2026-12-11T15:30:00.000Z');
    const gate = { gate: 'prewarm', due: '2026-12-11T15:40:00.000Z' } as const;
    open(testRun({ state: 'scheduled', cutover, gate }));
    expect(screen.getByText('Prewarm in 10:00')).toBeTruthy();
    cleanup();
    vi.setSystemTime('2026-12-11T16:47:46.000Z');
    open(testRun({ state: 'ready', cutover, gate: { gate: 'T0', due: cutover.t0 } }));
    expect(screen.getByText('T0 in 12:14')).toBeTruthy();
  });

  it('shows what will block a waiting plan', () => {
    const problems = [
      { kind: 'stopped', values: { actor: 'sari', reason: 'incident' } },
      { kind: 'stale', values: { minutes: 22 } },
      { kind: 'otherPlan', values: {} },
      { kind: 'noKeys', values: { connection: 'niaga' } },
      { kind: 'outdated', values: {} },
    ];
    open(testRun({ state: 'ready', cutover, checked: { at: '2026-12-11T16:50:00.000Z', problems } }));
    const list = screen.getByText('sari has paused all changes: incident').closest('ul');
    expect(list?.querySelectorAll('li')).toHaveLength(problems.length);
    expect(list?.textContent).toContain('22 min ago');
    // A kind without a text would show its raw name.
    const lines = [...(list?.querySelectorAll('li') ?? [])].map((line) => line.textContent);
    expect(lines.filter((line) => problems.some(({ kind }) => kind === line))).toEqual([]);
    const again = within(screen.getByText(/If the plan no longer fits, leave this run as is and edit/));
    expect(again.getByRole('link', { name: 'D-0001' }).getAttribute('href')).toContain('diversion=D-0001');
  });

  it('suggests a new plan only for problems that it solves', () => {
    const problems = [{ kind: 'unapproved', values: { given: 0, needed: 1 } }];
    open(testRun({ state: 'ready', cutover, checked: { at: '2026-12-11T16:50:00.000Z', problems } }));
    expect(screen.getByText(/The plan has 0 of 1 approvals/)).toBeTruthy();
    expect(screen.queryByText(/If the plan no longer fits/)).toBeNull();
  });

  it('asks what to do after a missed T0, and explains each choice', () => {
    open(testRun({ state: 'missed', cutover }));
    const choices = within(screen.getByRole('region', { name: 'Options' }));
    expect(choices.getAllByRole('term').map((term) => term.textContent)).toEqual([
      'Continue',
      'Roll back',
      'Leave as is',
    ]);
    expect(choices.getByText('Applies the changes to flash.example.co.id now, late.')).toBeTruthy();
    expect(screen.getByText(/was missed\.$/)).toBeTruthy();
  });

  it.each([
    [{ kind: 'T1' }, 'T1 was reached'],
    [{ kind: 'command', actor: 'sari', reason: 'errors in checkout' }, '“errors in checkout”'],
    [{ kind: 'missedT0', lateMs: 840_000 }, 'T0 was missed by 14 min 0 s'],
    [
      {
        kind: 'guard',
        breach: { guard: cutover.guards[0], value: 66.7, since: cutover.t0 },
      },
      'Failed probes 67 %, above 50 % for at least 20 s',
    ],
  ] as const)('shows why it rolls back: %o', (why, words) => {
    const rollback = {
      at: '2026-12-11T17:05:00.000Z',
      why: why as NonNullable<RunPageView['rollbackReason']>['why'],
    };
    open(
      testRun({
        state: 'rollingBack',
        direction: 'rollback',
        apply: done,
        cutover,
        rollbackReason: rollback,
      }),
    );
    expect(document.body.textContent).toContain(words);
  });

  it('shows what it retries, since when, and what happens next', () => {
    const error = {
      code: 'Http.502',
      message: 'bad gateway',
      requestId: '3c140219-cfe9',
      region: null,
      action: 'DescribeTargets',
      mayHaveHappened: false,
      advice: 'retry' as const,
    };
    const cause = { kind: 'cloudError', error } as const;
    const retrying = {
      stepId: StepId.parse(plan.steps[0]?.id),
      cause,
      since: cutover.t0,
      everyMs: 800,
      attempt: 3,
      until: null,
      isLong: false,
    };
    open(testRun({ state: 'retrying', direction: 'rollback', apply: done, cutover, retrying }));
    expect(document.body.textContent).toMatch(
      /DescribeTargets has been failing since .*Http\.502.*3c140219-cfe9/,
    );
    expect(document.body.textContent).toContain('retries about every 1 s until it succeeds');
    expect(screen.getByRole('status').textContent).toContain('Retrying');
  });

  it('lists commands that arrived too late', () => {
    const refused = [{ at: cutover.t0, command: 'skipBake', actor: 'sari', state: 'diverted' }] as const;
    open(testRun({ state: 'diverted', apply: done, cutover, refused }));
    expect(screen.getByRole('region', { name: 'Commands not applied' }).textContent).toMatch(
      /Skip wait by sari .*: the run was already Diverted/,
    );
  });

  it('draws guarded measures with their last value, and explains the others in a sentence', () => {
    const samples = [sample(5, 0, 12), sample(10, 33.3, 14), sample(15, null, 17)];
    const guards: Guard[] = [{ measure: 'unhealthyTargets', limit: 50, forS: 30, outcome: 'stop' }];
    open(testRun({ state: 'diverted', apply: done, cutover: { ...cutover, guards }, samples }));
    const dead = within(screen.getByRole('region', { name: 'Unhealthy CVM targets' }));
    expect(dead.getByText('17 %')).toBeTruthy();
    expect(dead.getByRole('img').getAttribute('aria-label')).toBe(
      'Unhealthy CVM targets over 3 samples, 00:00:05 to 00:00:15: now 17 %, highest 17 %. Stops above 50 % for 30 s.',
    );
    const errors = within(screen.getByRole('region', { name: 'Error rate' }));
    expect(errors.getByText('no data')).toBeTruthy();
    expect(errors.getByRole('img').getAttribute('aria-label')).toContain('highest 33 %');
    // The charts of the run have the probes, and the guards stay listed.
    expect(screen.queryByRole('region', { name: 'Slowest probe' })).toBeNull();
    expect(screen.getByRole('region', { name: 'Guards' }).textContent).toContain('Stops above 50 %');
  });

  it('shows the lag of monitoring, and the resulting duration of its guard', () => {
    const guards: readonly Guard[] = [{ measure: 'errorRate', limit: 5, forS: 30, outcome: 'rollback' }];
    const watched = (lagMs: number): Sample => ({
      at: cutover.t0,
      measures: { errorRate: 1, unhealthyTargets: 0 },
      probes: [],
      lagMs: { errorRate: lagMs },
    });
    const open30 = (lagMs: number) => {
      const run = { state: 'diverted', apply: done, samples: [watched(lagMs)] } as const;
      open(testRun({ ...run, cutover: { ...cutover, guards: [...guards] } }));
      const text = screen.getByRole('region', { name: 'Error rate' }).textContent;
      const live = screen.getByRole('region', { name: 'Unhealthy CVM targets' }).textContent;
      cleanup();
      return { text, live };
    };
    expect(open30(90_000).text).toContain(
      'Monitoring is 1 min 30 s behind. The guard covers at least 150 s.',
    );
    expect(open30(0).text).toContain('Monitoring is up to date. The guard covers at least 30 s.');
    // Health is no figure of monitoring.
    expect(open30(90_000).live).not.toContain('Monitoring');
  });

  it('offers to skip a running bake, and shows it as a step with the time left', async () => {
    const bake = {
      kind: 'bake',
      id: StepId.parse('b1'),
      phase: 'divert',
      name: 'flash.example.co.id',
      percent: 10,
      oldTtlS: 60,
      bakeS: 300,
      needs: [],
    } as const;
    const step = { ...bake, forecastMs: 300_000 };
    const until = '2026-12-11T17:10:00.000Z';
    const baking = testView(step, 'waiting', { waitingUntil: until, startedAt: cutover.t0 });
    open(testRun({ state: 'baking', cutover, plan: { ...plan, steps: [step] }, apply: [baking] }), 'changes');
    expect(screen.getByText('Bake 300 s at 10 % while old DNS answers (60 s) expire')).toBeTruthy();
    expect(screen.getByText('2 min 18 s left')).toBeTruthy();
    expect(screen.getByText('Next step in 02:18')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'More commands' }));
    expect(await screen.findByRole('menuitem', { name: 'Skip wait' })).toBeTruthy();
  });
});
