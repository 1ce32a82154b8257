import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { testSplitDiversion } from '@/testing/diversion/test-split';
import { TestRun } from '@/testing/run/test-run';
import { lasting, startRunFixture } from '@/testing/run/test-run-fixture';

const fixture = await startRunFixture('127.85.0.0/16');
afterAll(() => fixture.stop());
beforeEach(() => fixture.reset());

describe('a run', () => {
  it('applies a Split, reads the function through the VIP, and restores exactly the original state', async () => {
    const before = await fixture.readEstate();
    const run = new TestRun(fixture, await fixture.makePlan());
    expect(await run.go('apply')).toBe('done');
    const view = run.view();
    expect(view.state).toBe('done');
    expect(view.apply.every((s) => s.state === 'done')).toBe(true);
    const http = view.apply.filter((s) => s.step.kind === 'probe' && s.step.probe.kind === 'http');
    expect(http).toHaveLength(2);
    for (const { probe, durationMs } of http) {
      expect(probe?.body).toContain('Hello CLB');
      expect(durationMs).toBeGreaterThanOrEqual(probe?.latencyMs ?? Number.NaN);
    }

    expect(await run.go('rollback')).toBe('rolledBack');
    expect(run.view().state).toBe('rolledBack');
    expect(lasting(await fixture.readEstate())).toEqual(lasting(before));
  });

  it('reads back a write whose response was lost, and does not repeat it', async () => {
    const run = new TestRun(fixture, await fixture.makePlan());
    await fixture.fault({ action: 'RegisterFunctionTargets', kind: 'replyLost', count: 1 });
    expect(await run.go('apply')).toBe('done');
    expect(run.view().apply[1]).toMatchObject({ state: 'done', outcome: 'readBack' });
    expect(Object.values(await fixture.effects())).toEqual([1, 1, 1]);
  });

  it('repeats throttled calls, which have no effect', async () => {
    const run = new TestRun(fixture, await fixture.makePlan());
    await fixture.fault({ action: 'CreateRule', kind: 'throttle', count: 2 });
    expect(await run.go('apply')).toBe('done');
    expect(run.view().apply[0]).toMatchObject({ state: 'done', outcome: 'applied', attempts: 3 });
  });

  it.each(['http502', 'internalError', 'throttle'])(
    'rolls back during an outage of %s on every call without a stop',
    async (kind) => {
      const before = await fixture.readEstate();
      const run = new TestRun(fixture, await fixture.makePlan());
      expect(await run.go('apply')).toBe('done');
      // More than the adapter's attempts per response, for each of the parallel steps.
      await fixture.fault({ action: '*', kind, count: 40 });
      expect(await run.go('rollback')).toBe('rolledBack');
      expect(run.events.filter(({ type }) => type === 'stopped')).toEqual([]);
      expect(run.events.filter(({ type }) => type === 'retrying')).not.toEqual([]);
      expect(lasting(await fixture.readEstate())).toEqual(lasting(before));
    },
  );

  it('is stopped when a task keeps failing, reports why, and continues on retry', async () => {
    const run = new TestRun(fixture, await fixture.makePlan());
    const fault = { action: 'RegisterFunctionTargets', kind: 'taskFails', count: 3, message: 'no backend' };
    await fixture.fault(fault);
    expect(await run.go('apply')).toBe('stopped');
    expect(run.view().stopped?.reason).toMatchObject({
      kind: 'cloudError',
      error: { code: 'Task.Failed', message: expect.stringContaining('no backend') },
    });
    expect(
      run
        .view()
        .apply.map((s) => s.state)
        .slice(0, 3),
    ).toEqual(['done', 'failed', 'todo']);
    expect(await run.go('apply')).toBe('done');
    expect(Object.values(await fixture.effects())).toEqual([1, 1, 1]);
  });

  it('pauses before the next step, and rolls back from there', async () => {
    const before = await fixture.readEstate();
    const run = new TestRun(fixture, await fixture.makePlan());
    run.messages.push({ id: 'm1', command: 'pause', actor: 'test', reason: '' });
    run.messages.push({ id: 'm2', command: 'rollback', actor: 'test', reason: '' });
    expect(await run.go('apply')).toBe('rolledBack');
    expect(run.events.some(({ type }) => type === 'paused')).toBe(true);
    expect(await fixture.effects()).toEqual({});
    expect(lasting(await fixture.readEstate())).toEqual(lasting(before));
  });

  it('receives a pause while a probe waits for its response', async () => {
    const routes = testSplitDiversion.routes.map((route) =>
      route.to === 'function' ? { ...route, expectedBody: 'Something else' } : route,
    );
    const plan = await fixture.makePlan(0, { ...testSplitDiversion, routes });
    const run = new TestRun(fixture, plan);
    run.onWait = async () => {
      run.messages.push({ id: 'm1', command: 'pause', actor: 'test', reason: '' });
      run.messages.push({ id: 'm2', command: 'continue', actor: 'test', reason: '' });
    };
    expect(await run.go('apply')).toBe('stopped');
    expect(run.events.map(({ type }) => type)).toEqual(expect.arrayContaining(['paused', 'continued']));
    expect(run.view().stopped?.reason.kind).toBe('probeFailed');
    expect(await run.go('apply')).toBe('stopped');
  });
});
