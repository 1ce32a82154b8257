import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { invariant } from '@/lib/invariant';
import { StepId } from '@/lib/plan/model/model';
import { TestRun } from '@/testing/run/test-run';
import { clock, startRunFixture } from '@/testing/run/test-run-fixture';
import type { RunEvent } from './model/model';

const fixture = await startRunFixture('127.176.0.0/16');
afterAll(() => fixture.stop());
beforeEach(() => fixture.reset());

/** Returns when a step was started or completed, by the run's clock, in ms. */
const at = (run: TestRun, type: RunEvent['type'], stepId: StepId): number => {
  const event = run.events.find((e) => e.type === type && 'stepId' in e && e.stepId === stepId);
  invariant(event !== undefined, `${type} of ${stepId} was written down`);
  return Date.parse(event.at);
};

describe('the wait before unbinding', () => {
  const keepAliveS = 6;

  it.each([undefined, { point: 'afterRecord', step: 'r4' } as const])(
    'lasts for the TTL and kept-alive connections, also across a crash (%j)',
    async (crash) => {
      const run = new TestRun(fixture, await fixture.makePlan(keepAliveS));
      await run.go('apply');
      expect(await run.go('rollback', crash)).toBe('rolledBack');
      const waitedMs = at(run, 'intent', StepId.parse('r4')) - at(run, 'stepDone', StepId.parse('r1'));
      expect(waitedMs).toBeGreaterThanOrEqual((1 + keepAliveS) * 1000);
    },
  );

  it('can be interrupted, and a retry waits for the remaining time', async () => {
    const run = new TestRun(fixture, await fixture.makePlan(keepAliveS));
    await run.go('apply');
    run.onWait = async () =>
      void run.messages.push({ id: 'm1', command: 'leaveAsIs', actor: 'test', reason: '' });
    expect(await run.go('rollback')).toBe('closed');
    expect(run.events.some((e) => e.type === 'intent' && e.stepId === 'r4')).toBe(false);
    expect(await run.go('rollback')).toBe('rolledBack');
    expect(
      at(run, 'intent', StepId.parse('r4')) - at(run, 'stepDone', StepId.parse('r1')),
    ).toBeGreaterThanOrEqual((1 + keepAliveS) * 1000);
  });

  it('stops, with the function still bound, if DNS points at it again', async () => {
    const plan = await fixture.makePlan(keepAliveS);
    const run = new TestRun(fixture, plan);
    await run.go('apply');
    run.onWait = () => fixture.pointAt(plan, 2);
    expect(await run.go('rollback')).toBe('stopped');
    expect(run.view().stopped).toMatchObject({
      stepId: 'r3',
      reason: { kind: 'drift', object: { kind: 'recordSet' } },
    });
    expect(run.events.some((e) => e.type === 'intent' && e.stepId === 'r4')).toBe(false);

    // Changed back manually: the wait restarts, because the old answers were served again.
    await fixture.pointAt(plan, 1);
    const putBackAt = clock.now().getTime();
    expect(await run.go('rollback')).toBe('rolledBack');
    expect(at(run, 'intent', StepId.parse('r4')) - putBackAt).toBeGreaterThanOrEqual((1 + keepAliveS) * 1000);
  });
});
