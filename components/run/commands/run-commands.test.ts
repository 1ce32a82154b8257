import { describe, expect, it } from 'vitest';
import { liveStates, type RunCommand, type RunState, runStates } from '@/lib/run/model/model';
import { testRun, testRunPlan, testView } from '@/testing/components/test-run';
import { listCommands } from './run-commands';

const listFor = (change: Parameters<typeof testRun>[0], isPaused = false) =>
  listCommands(testRun(change), isPaused);

describe('the commands of a run', () => {
  it.each<[RunState, readonly RunCommand[], readonly RunCommand[]]>([
    ['scheduled', ['pause'], ['leaveAsIs']],
    ['ready', ['pause', 'rollback'], ['leaveAsIs']],
    ['applying', ['pause', 'rollback'], ['leaveAsIs']],
    ['baking', ['pause', 'rollback'], ['skipBake', 'leaveAsIs']],
    ['diverted', ['pause', 'rollback'], ['leaveAsIs']],
    ['paused', ['continue', 'rollback'], ['leaveAsIs']],
    ['missed', ['continue', 'rollback'], ['leaveAsIs']],
    ['stopped', ['continue', 'rollback'], ['replan', 'leaveAsIs']],
    ['rollingBack', ['pause'], ['leaveAsIs']],
    ['done', ['rollback'], []],
    ['rolledBack', [], []],
  ])('of one that is %s have buttons for %j and a menu of %j', (state, main, others) => {
    expect(listFor({ state })).toEqual({ main, others });
  });

  it('never offer to pause and to continue, and have one place each', () => {
    for (const state of runStates)
      for (const direction of ['apply', 'rollback'] as const) {
        const { main, others } = listFor({ state, direction });
        expect(main.includes('pause') && main.includes('continue'), state).toBe(false);
        expect(new Set([...main, ...others]).size).toBe(main.length + others.length);
        if (liveStates.includes(state)) expect([...main, ...others], state).not.toEqual([]);
      }
  });

  it('leave out those that continue an apply while all changes are paused', () => {
    const paused = (change: Parameters<typeof testRun>[0]) => listFor(change, true);
    expect(paused({ state: 'stopped' }).main).toEqual(['rollback']);
    expect(paused({ state: 'stopped', direction: 'rollback' }).main).toEqual(['continue', 'rollback']);
    expect(paused({ state: 'baking' }).others).toEqual(['leaveAsIs']);
  });

  it('roll back a run that was left as is only if it has changed something', () => {
    const done = testRunPlan.steps.map((step) => testView(step, 'done'));
    expect(listFor({ state: 'closed', apply: done }).main).toEqual(['rollback']);
    expect(listFor({ state: 'closed' })).toEqual({ main: [], others: [] });
  });

  it('roll back no run that another one in effect continues', () => {
    const { planId, id } = testRun();
    const next = { planId, runId: id, state: 'done', hasOutage: false } as const;
    const closed = (inEffect: typeof id | null) =>
      listFor({ state: 'stopped', replacedBy: { ...next, inEffect } }).main;
    expect(closed(id)).toEqual(['continue']);
    expect(closed(null)).toEqual(['continue', 'rollback']);
  });
});
