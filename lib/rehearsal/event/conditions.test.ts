import { describe, expect, it } from 'vitest';
import type { RehearsalConditions } from '@/lib/rehearsal/conditions';
import type { RehearsalReport } from '@/lib/rehearsal/report/report';
import { type GateState, SafetyRule, type StoredSafetyRule } from '@/lib/safety/safety-rule';
import {
  type RehearsalGiven,
  rehearsalCutover,
  rehearsalT0,
  testConditions,
  testRehearsal,
} from '@/testing/rehearsal/test-rehearsal';
import { rehearse } from './rehearse';

const iso = (ms: number) => new Date(ms).toISOString();
const minute = 60_000;

const stored = (rule: object, gate: GateState | null = null): StoredSafetyRule => ({
  id: 1,
  rule: SafetyRule.parse({ name: 'Sale', match: { domains: ['flash.*'] }, ...rule }),
  gate,
});
const on: GateState = { isOn: true, by: 'sari', reason: 'released', at: iso(rehearsalT0) };

type Change = Partial<RehearsalConditions> & { readonly facts?: Partial<RehearsalConditions['safety']> };

/** Rehearses the Split of the test estate under some conditions. */
function playUnder({ facts, ...change }: Change, given: RehearsalGiven = {}): Promise<RehearsalReport> {
  const safety = { ...testConditions().safety, ...facts };
  const conditions = testConditions({ safety, ...change });
  return rehearse({ ...testRehearsal(given), conditions });
}

/** The parts of the report of a run that the preflight has stopped. */
const blocked = { count: 2, check: 'function-exists' };
const blockedBy = {
  verdict: 'missed',
  run: { state: 'stopped', stopped: { code: 'invalid', values: { problem: 'blocked', ...blocked } } },
  convergence: { apply: { changedAtS: null } },
  changes: [{ code: 'clearProblem', values: { problem: 'blocked', ...blocked } }],
};

const playRule = (rule: object, given: RehearsalGiven = {}, facts: Change['facts'] = {}) =>
  playUnder({ facts: { rules: [stored(rule)], ...facts } }, given);

/** Returns the parts of the report of a run that a rule has stopped before it moved anything. */
const refusedBy = (why: string) => ({
  verdict: 'missed',
  run: {
    state: 'stopped',
    stopped: { code: 'invalid', values: { problem: 'safetyRule', rule: 'Sale', why } },
  },
  changes: expect.arrayContaining([
    expect.objectContaining({
      code: 'clearProblem',
      values: expect.objectContaining({ problem: 'safetyRule', rule: 'Sale', why }),
    }),
  ]),
});

describe('a rehearsal under safety rules', () => {
  it.each([
    ['of a protected domain', { kind: 'protected', approvals: null }, 'never'],
    ['with a gate that is off', { kind: 'gating', condition: 'gate' }, 'gate'],
    ['of too many writes', { kind: 'bulk', unit: 'writes', max: 1 }, 'writes'],
    [
      'of a side that must serve',
      {
        kind: 'assertion',
        match: { domains: ['flash.example.co.id'] },
        sides: 'cvm',
        over: 'eachDomain',
        requirement: { kind: 'atLeast', count: 1 },
      },
      'atLeast',
    ],
    [
      'of hours',
      { kind: 'hours', windows: [{ kind: 'daily', fromMinute: 60, toMinute: 120, zone: 'UTC' }] },
      'hours',
    ],
  ])('%s is stopped at its last check before prewarm, with the name of the rule', async (_, rule, why) => {
    const report = await playRule(rule);
    expect(report).toMatchObject(refusedBy(why));
    expect(report.timeline.filter(({ code }) => code === 'stepDone')).toEqual([]);
    expect(report.timeline.find(({ code }) => code === 'checked')?.values).toMatchObject({
      rule: 'Sale',
      why,
    });
    expect(report.convergence.apply.changedAtS).toBeNull();
  });

  it('is stopped before the write that a rule refuses, if it is applied at once', async () => {
    const report = await playRule({ kind: 'protected', approvals: null }, { cutover: null });
    expect(report).toMatchObject(refusedBy('never'));
    const stopped = report.timeline.find(({ code }) => code === 'stopped');
    expect(stopped?.stepId).not.toBeNull();
  });

  it('continues when its gate is on, when approvals are all that a rule asks for, or in the allowed hours', async () => {
    const gate = stored({ kind: 'gating', condition: 'gate' }, on);
    const span = { kind: 'daily', fromMinute: 23 * 60, toMinute: 60, zone: 'UTC' };
    const hours = stored({ kind: 'hours', windows: [span] });
    expect((await playUnder({ facts: { rules: [gate, hours] } })).verdict).toBe('met');
    const approved = { kind: 'protected', approvals: 2 };
    expect((await playRule(approved, {}, { approvals: 2 })).verdict).toBe('met');
  });

  it('waits for no run that has ended by then, and is stopped for one that is under way', async () => {
    const rule = { kind: 'gating', condition: 'noOtherRun' };
    const other = (until: number) => ({
      otherRuns: [{ id: 'R-0007', connectionIds: ['test'], from: null, until: iso(until) }],
    });
    expect((await playRule(rule, {}, other(rehearsalT0 - 30 * minute))).verdict).toBe('met');
    const stopped = await playRule(rule, {}, other(rehearsalT0 + minute));
    expect(stopped).toMatchObject(refusedBy('noOtherRun'));
    expect(stopped.run.stopped?.values).toMatchObject({ run: 'R-0007' });
  });
});

describe('a rehearsal under a freeze or a pause', () => {
  it('is stopped by a change freeze at its virtual T0, and by none that ends before', async () => {
    const freeze = (to: number) => ({
      name: 'Year end',
      span: { kind: 'once' as const, from: iso(rehearsalT0 - 900 * minute), to: iso(to) },
    });
    const stopped = await playUnder({ freezes: [freeze(rehearsalT0 + minute)] });
    expect(stopped.run).toMatchObject({
      state: 'stopped',
      stopped: { values: { problem: 'frozen', freeze: 'Year end' } },
    });
    expect((await playUnder({ freezes: [freeze(rehearsalT0 - minute)] })).verdict).toBe('met');
  });

  it('is stopped while all changes are paused, with who paused them', async () => {
    const stopped = await playUnder({ stop: { actor: 'sari', reason: 'incident' } });
    expect(stopped.run.stopped?.values).toEqual({ problem: 'stopped', actor: 'sari', reason: 'incident' });
    expect(stopped.changes).toMatchObject([{ code: 'clearProblem', values: { problem: 'stopped' } }]);
  });
});

describe('a rehearsal of a plan that could not start', () => {
  it('continues, and says why', async () => {
    const cutover = rehearsalCutover();
    const notes = [
      { code: 'approvalsMissing', severity: 'todo', values: { given: 0, needed: 2 } },
      { code: 'schedulerLost', severity: 'stops', values: { actor: 'sari@example.com' } },
    ] as const;
    const report = await playUnder({ notes }, { cutover });
    expect(report.notes).toEqual(notes);
    expect(report.verdict).toBe('met');
  });
});

describe('a plan that its preflight blocks', () => {
  it('is stopped before it writes, as its run would be', async () => {
    expect(await playUnder({ blocked })).toMatchObject(blockedBy);
  });

  it('is stopped without a schedule, too, and runs once nothing blocks it', async () => {
    expect(await playUnder({ blocked }, { cutover: null })).toMatchObject(blockedBy);
    expect(await playUnder({ blocked: null }, { cutover: null })).toMatchObject({ run: { state: 'done' } });
  });
});
