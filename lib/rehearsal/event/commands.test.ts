import { describe, expect, it } from 'vitest';
import type { RehearsalCommand } from '@/lib/rehearsal/input';
import type { RehearsalReport } from '@/lib/rehearsal/report/report';
import { testSwitch } from '@/testing/plan/test-estate';
import { rehearsalCutover, testRehearsal } from '@/testing/rehearsal/test-rehearsal';
import { rehearse } from './rehearse';

/** Rehearses the Split of the test estate, with what operators do. */
function playCommands(
  commands: readonly RehearsalCommand[],
  given: Parameters<typeof testRehearsal>[0] = {},
): Promise<RehearsalReport> {
  return rehearse(testRehearsal({ ...given, settings: { ...given.settings, commands: [...commands] } }));
}

const listEntries = ({ timeline }: RehearsalReport, code: string) =>
  timeline.filter((entry) => entry.code === code);

describe('a rehearsal with commands of operators', () => {
  it('rolls back five minutes after T0, and says how long that took and whom it hit', async () => {
    const report = await playCommands([{ atS: 300, kind: 'rollback' }]);
    expect(report.run).toMatchObject({ state: 'rolledBack', rollback: { code: 'command' } });
    const [command] = report.commands;
    expect(command).toMatchObject({ kind: 'rollback', atS: 300, state: 'diverted', answer: 'rolledBack' });
    expect(command?.afterS).toBeLessThan(1);
    expect(command?.completeAfterS).toBeGreaterThan(60);
    // Of clients that keep DNS answers for too long.
    expect(command?.failedRequests).toBeGreaterThan(0);
    expect(report.convergence.rollback.changedAtS).toBeLessThan(310);
    expect(listEntries(report, 'command')).toMatchObject([{ atS: 300, values: { command: 'rollback' } }]);
    expect(report.goals.find(({ kind }) => kind === 'ended')?.isMet, 'it ends as commanded').toBe(true);
  });

  it('pauses, continues, and is rolled back by T1', async () => {
    const report = await playCommands([
      { atS: 600, kind: 'continue' },
      { atS: 300, kind: 'pause' },
    ]);
    expect(report.commands).toMatchObject([
      { kind: 'pause', state: 'diverted', answer: 'paused' },
      { kind: 'continue', state: 'paused', answer: 'continued' },
    ]);
    expect(report.run).toMatchObject({ state: 'rolledBack', rollback: { code: 'T1' } });
    expect(report.verdict).toBe('met');
  });

  it('ends as commanded if it stays paused until T1', async () => {
    const diversion = testSwitch({ ramp: [10, 100] });
    const ramp = await playCommands([{ atS: 30, kind: 'pause' }], { diversion });
    expect(ramp.commands).toMatchObject([{ state: 'baking', answer: 'paused' }]);
    expect(ramp.run).toMatchObject({ state: 'rolledBack', rollback: { code: 'T1' } });
    const early = await playCommands([{ atS: -400, kind: 'pause' }]);
    expect(early.run.state).toBe('paused');
    for (const { goals } of [ramp, early])
      expect(goals.find(({ kind }) => kind === 'ended')?.isMet).toBe(true);
  });

  it('pauses over T0 until it is too late, and follows the policy for a missed T0', async () => {
    const report = await playCommands([
      { atS: -60, kind: 'pause' },
      { atS: 900, kind: 'continue' },
    ]);
    expect(report.commands.map(({ answer }) => answer)).toEqual(['paused', 'continued']);
    expect(report.run).toMatchObject({ state: 'rolledBack', rollback: { code: 'missedT0' } });
    expect(report.goals.find(({ kind }) => kind === 'ended')?.isMet).toBe(false);
  });

  it('refuses what the state of the run does not allow, and says in which state it was', async () => {
    const report = await playCommands([
      { atS: 300, kind: 'continue' },
      { atS: 4000, kind: 'skipBake' },
    ]);
    expect(report.commands).toMatchObject([
      { answer: 'refused', state: 'diverted', afterS: null },
      { answer: 'refused', state: 'rolledBack', afterS: null },
    ]);
    expect(listEntries(report, 'refused').map(({ values }) => values)).toEqual([
      { command: 'continue', state: 'diverted' },
      { command: 'skipBake', state: 'rolledBack' },
    ]);
    expect(report.verdict, 'they change nothing').toBe('met');
  });

  it('skips a bake', async () => {
    const diversion = testSwitch({ ramp: [10, 100] });
    const slow = await playCommands([], { diversion });
    const fast = await playCommands([{ atS: 30, kind: 'skipBake' }], { diversion });
    expect(fast.commands).toMatchObject([{ state: 'baking', answer: 'bakeSkipped' }]);
    expect(fast.convergence.apply.changedAtS).toBeLessThan((slow.convergence.apply.changedAtS ?? 0) - 100);
  });

  it('aborts before prewarm and writes nothing, and aborts a paused run', async () => {
    const early = await playCommands([{ atS: -400, kind: 'leaveAsIs' }]);
    expect(early.run.state).toBe('closed');
    expect(listEntries(early, 'stepDone')).toEqual([]);
    expect(early.commands).toMatchObject([{ state: 'scheduled', answer: 'leftAsIs' }]);
    const paused = await playCommands([
      { atS: 300, kind: 'pause' },
      { atS: 600, kind: 'leaveAsIs' },
    ]);
    expect(paused.commands.map(({ answer }) => answer)).toEqual(['paused', 'leftAsIs']);
    expect(paused.run.state).toBe('closed');
    expect(
      paused.convergence.rollback.changedAtS,
      'T1 does not roll back a run that was left as is',
    ).toBeNull();
  });

  it('rolls back a diversion that is in effect', async () => {
    const report = await playCommands([{ atS: 1800, kind: 'rollback' }], {
      cutover: rehearsalCutover({ t1: null }),
    });
    expect(report.commands).toMatchObject([{ state: 'done', answer: 'rolledBack' }]);
    expect(report.run.state).toBe('rolledBack');
    expect(report.convergence.rollback.changedAtS).toBeGreaterThanOrEqual(1800);
  });

  it('reaches a run whose worker is away, and gives the same report twice', async () => {
    const faults = {
      kinds: [],
      count: 0,
      given: [{ kind: 'workerCrash' as const, atS: 299, forS: 0, amount: 0, object: 0 }],
    };
    const play = () => playCommands([{ atS: 300, kind: 'rollback' }], { settings: { faults } });
    const report = await play();
    expect(report.commands).toMatchObject([{ answer: 'rolledBack' }]);
    expect(report.commands[0]?.afterS).toBeGreaterThan(20);
    expect(JSON.stringify(await play())).toBe(JSON.stringify(report));
  });
});
