// @vitest-environment happy-dom
import { cleanup, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import type { CloudErrorData } from '@/lib/cloud/errors';
import type { ActivityEntry } from '@/lib/contract/diversion';
import type { Cutover } from '@/lib/diversion/cutover';
import { DiversionId } from '@/lib/diversion/diversion';
import type { ProbeAnswer } from '@/lib/estate/probe';
import { PlanId, StepId } from '@/lib/plan/model/model';
import type { RunEvent } from '@/lib/run/model/model';
import { RunId } from '@/lib/run/model/run-id';
import { choose } from '@/testing/components/test-choose';
import { renderPage } from '@/testing/components/test-page';
import { testRule } from '@/testing/plan/test-recurrence';
import { ActivityPanel } from './activity-panel';

afterEach(() => {
  cleanup();
  window.history.replaceState(null, '', '/diversions/D-0001');
});

const base = { at: '2026-12-11T15:00:00.000Z', direction: 'apply' } as const;
const stepId = StepId.parse('s1');
const error: CloudErrorData = {
  code: 'LimitExceeded',
  message: 'too many',
  requestId: 'r-1',
  action: 'CreateRule',
  region: 'ap-singapore',
  mayHaveHappened: false,
  advice: 'giveUp',
};
const answer: ProbeAnswer = {
  passed: false,
  latencyMs: 12,
  status: '502',
  address: '127.0.0.1:80',
  body: '',
  failure: 'status 502',
};

const testCutover = {
  t0: '2026-12-11T17:00:00.000Z',
  prewarmS: 600,
  t1: null,
  zone: 'Asia/Jakarta',
  missedT0: { kind: 'skip' },
  guards: [],
} as const satisfies Cutover;

/** One event of each type. */
const events: { readonly [Type in RunEvent['type']]: Extract<RunEvent, { type: Type }> } = {
  started: { ...base, type: 'started', actor: 'sari', attempt: 1 },
  intent: { ...base, type: 'intent', stepId, action: 'CreateRule', attempt: 2 },
  accepted: { ...base, type: 'accepted', stepId, requestId: 'r-2', taskId: '77' },
  retrying: {
    ...base,
    type: 'retrying',
    stepId,
    cause: { kind: 'cloudError', error },
    since: base.at,
    everyMs: 800,
  },
  recovered: { ...base, type: 'recovered', stepId, since: base.at },
  callFailed: { ...base, type: 'callFailed', stepId, error },
  stepDone: { ...base, type: 'stepDone', stepId, outcome: 'readBack', requestId: 'r-3', durationMs: 1400 },
  probed: { ...base, type: 'probed', stepId, answer },
  waiting: { ...base, type: 'waiting', stepId, until: base.at },
  blocked: {
    ...base,
    type: 'blocked',
    stepId,
    reason: { kind: 'cloudError', error, settled: true },
    tries: 2,
    retryAt: base.at,
  },
  stopped: {
    ...base,
    type: 'stopped',
    stepId,
    reason: { kind: 'internal', message: 'x' },
  },
  gate: { ...base, type: 'gate', gate: 'T0', due: base.at },
  passed: { ...base, type: 'passed', gate: 'T1', latenessMs: 12 },
  checked: { ...base, type: 'checked', problems: [] },
  missed: { ...base, type: 'missed', lateMs: 65_000 },
  paused: { ...base, type: 'paused', actor: 'sari', reason: 'lunch' },
  continued: { ...base, type: 'continued', actor: 'sari', reason: '', state: 'applying' },
  baking: { ...base, type: 'baking', stepId, until: base.at },
  baked: { ...base, type: 'baked', stepId },
  bakeSkipped: { ...base, type: 'bakeSkipped', stepId, actor: 'sari', reason: '' },
  watched: { ...base, type: 'watched', sample: { at: base.at, measures: {}, probes: [] } },
  command: { ...base, type: 'command', id: 'c', command: 'pause', actor: 'sari', reason: '' },
  refused: { ...base, type: 'refused', command: 'pause', actor: 'sari', state: 'done' },
  rollback: { ...base, type: 'rollback', why: { kind: 'T1' } },
  finished: { ...base, type: 'finished', result: 'done' },
  rescheduled: {
    ...base,
    type: 'rescheduled',
    actor: 'sari',
    reason: 'late stock',
    from: testCutover,
    to: { ...testCutover, t0: '2026-12-11T19:00:00.000Z' },
  },
  closed: { ...base, type: 'closed', actor: 'sari', reason: 'no longer wanted' },
};

const runId = RunId.parse('R-0001');
const planId = PlanId.parse('P-0001');
const of = { at: base.at, actor: 'local' };
const entries: readonly ActivityEntry[] = [
  { ...of, kind: 'created' },
  { ...of, kind: 'recurrence', change: 'set', rule: testRule(), reason: 'each payday' },
  { ...of, kind: 'planned', planId, revision: 1, blocks: 0 },
  { ...of, kind: 'approved', planId, name: 'Intan', comment: 'fine' },
  { ...of, kind: 'approvalWithdrawn', planId, name: 'Intan', comment: 'fine' },
  { ...of, kind: 'requested', runId, attempt: 1, direction: 'apply', reason: 'sale' },
  ...Object.values(events).map((event): ActivityEntry => {
    const actor = 'actor' in event ? event.actor : null;
    return { kind: 'run', at: event.at, actor, runId, event, step: null };
  }),
  { ...of, kind: 'discarded' },
];

function open() {
  renderPage(<ActivityPanel activity={{ diversionId: DiversionId.parse('D-0001'), entries }} />);
}
const rows = () =>
  within(screen.getByRole('table', { name: 'Activity' }))
    .getAllByRole('row')
    .slice(1)
    .map(({ textContent }) => textContent ?? '');
const filter = (name: string) => choose(within(document.body), 'Filter events', name);

describe('the activity', () => {
  it('has a text for every kind of event, newest first, without measurement rounds', () => {
    open();
    expect(rows()).toHaveLength(entries.length - 1);
    // A key without a text would be displayed as the key.
    expect(rows().join(' ')).not.toContain('diversions.activity');
    expect(rows().at(0)).toContain('Diversion discarded');
    expect(rows().at(-1)).toContain('Diversion created');
    expect(rows().find((row) => row.includes('Call accepted'))).toMatch(
      /request r-2.*task 77.*Spillway.*R-0001/,
    );
    expect(rows().find((row) => row.includes('Run paused'))).toContain('“lunch”');
    expect(rows().find((row) => row.includes('Recurrence set'))).toContain('“each payday”');
    expect(rows().find((row) => row.includes('T0 missed'))).toContain('1 min 5 s late');
    // An empty cell has no line on a card.
    const details = screen.getAllByRole('row').at(-1)?.querySelector('[data-label="Details"]');
    expect(details?.hasChildNodes()).toBe(false);
    expect(screen.getByRole('link', { name: 'Export JSON' }).getAttribute('href')).toBe(
      '/api/diversions/D-0001/activity?download',
    );
  });

  it('can be filtered by problems, people or calls, which the address stores', async () => {
    open();
    await filter('Problems');
    expect(rows()).toHaveLength(7);
    expect(window.location.search).toBe('?only=problems');
    await filter('By people');
    expect(rows().every((row) => /sari|local/.test(row))).toBe(true);
    await filter('Cloud calls');
    expect(rows()).toHaveLength(6);
  });
});
