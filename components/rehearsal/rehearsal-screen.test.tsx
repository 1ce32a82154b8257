// @vitest-environment happy-dom

import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readScenario } from '@/components/capacity/model/scenario-link';
import { costItems } from '@/lib/capacity/prices/event-cost';
import type { RehearsalView } from '@/lib/contract/rehearsal';
import type { SessionView } from '@/lib/contract/session';
import type { RehearsalFaultKind } from '@/lib/rehearsal/input';
import { ok } from '@/lib/result';
import { parseRead } from '@/testing/components/parse-read';
import { choose } from '@/testing/components/test-choose';
import { renderPage } from '@/testing/components/test-page';
import { testSession } from '@/testing/components/test-session';
import { testDrillView, testReport } from '@/testing/rehearsal/test-report';
import { PrintedReport } from './printed-report';
import { RehearsalScreen } from './rehearsal-screen';

/** Others that the server has, by their id; everything else fails. */
let stored: Readonly<Record<string, RehearsalView>> = {};

beforeEach(() => {
  stored = {};
  vi.stubGlobal('fetch', async (address: string) => {
    const found = stored[parseRead<'rehearsal.get'>(address).input];
    if (found === undefined) throw new TypeError('fetch failed');
    return Response.json(found);
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function open(view: RehearsalView, session?: SessionView) {
  const sent: unknown[] = [];
  const startRehearsal = async (input: unknown) => {
    sent.push(input);
    return ok({ rehearsalId: 'H-0009' });
  };
  renderPage(
    <RehearsalScreen initial={view} startRehearsal={startRehearsal} cancelRehearsal={async () => ok(null)} />,
    session,
  );
  return sent;
}

describe('the page of a fire drill', () => {
  it('says which share ended well, with its interval, and draws each event', () => {
    open(testDrillView(100));
    expect(screen.getByText('12 of 100 events miss goals.')).toBeDefined();
    const figures = screen.getByRole('region', { name: 'Figures of the fire drill' });
    expect(figures.textContent).toContain('88\u00a0%');
    expect(figures.textContent).toContain('88 of 100 events met all goals');
    expect(figures.textContent).toContain('80 to 93.6\u00a0%');
    const chart = screen.getByRole('img', { name: /^Lost requests of 100 events/ });
    expect(within(chart).getAllByTitle(/^Seed \d+: /)).toHaveLength(100);
    expect(screen.getByText('2 did not end as scheduled')).toBeDefined();
  });

  it('lists events from the gravest on, with their runs, missed goals and faults', () => {
    open(testDrillView(100));
    const rows = within(screen.getByRole('table', { name: 'Events' })).getAllByRole('row');
    expect(rows).toHaveLength(101);
    expect(rows[1]?.textContent).toMatch(/^21MissedStoppedThe run ends as scheduled, Lost requests42\u00a0%/);
    expect(rows[1]?.textContent).toContain('Change by someone else');
    expect(rows.at(-1)?.textContent).toMatch(/Met.*Rolled back.*0\u00a0%/);
    const faults = screen.getByRole('table', { name: 'Events by fault' });
    const worst = within(faults).getAllByRole('row')[1]?.textContent;
    expect(worst).toMatch(/^(Function fails|Change by someone else)/);
    expect(worst).toMatch(/(stopped|calls failed)/);
  });

  it('writes a share as 0 % only if nothing was lost', () => {
    open(testDrillView(3));
    const rows = within(screen.getByRole('table', { name: 'Events' })).getAllByRole('row');
    const shares = rows.slice(1).map((row) => /[\d.]+\u00a0%/.exec(row.textContent ?? '')?.[0]);
    expect(shares.toSorted()).toEqual(['0.01\u00a0%', '0.01\u00a0%', '0\u00a0%']);
  });

  it('shows the whole report of the worst event below', () => {
    open(testDrillView(100));
    expect(screen.getByRole('heading', { name: 'Worst event: seed 21' })).toBeDefined();
    expect(screen.getByRole('table', { name: 'Errors' }).textContent).toContain('function error (5xx)');
  });

  it('rehearses one of its seeds again with the same load, schedule, goals and faults', async () => {
    const view = testDrillView(5);
    const sent = open(view);
    fireEvent.click(screen.getByRole('button', { name: 'Rehearse seed 4' }));
    const dialog = await screen.findByRole('dialog', { name: 'Rehearse plan' });
    expect(within(dialog).getByLabelText<HTMLInputElement>('Seed').value).toBe('4');
    expect(within(dialog).getByLabelText<HTMLInputElement>('Events').value).toBe('1');
    fireEvent.click(within(dialog).getByRole('button', { name: 'Start rehearsal' }));
    await waitFor(() => expect(sent).toHaveLength(1));
    const { scenario, ...settings } = view.settings;
    expect(sent[0]).toMatchObject({
      planId: view.planId,
      hash: view.hash,
      cutover: view.cutover,
      scenario,
      settings: { ...settings, seed: 4, events: 1 },
    });
  });

  it('leaves out the old load when another is typed', async () => {
    const sent = open(testDrillView(5));
    fireEvent.click(screen.getByRole('button', { name: 'Rehearse seed 4' }));
    const dialog = await screen.findByRole('dialog', { name: 'Rehearse plan' });
    fireEvent.change(within(dialog).getByLabelText('Peak (req/s)'), { target: { value: '900' } });
    fireEvent.click(within(dialog).getByRole('button', { name: 'Start rehearsal' }));
    await waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]).toMatchObject({ load: { peakRps: 900 } });
    expect(sent[0]).not.toHaveProperty('scenario');
  });

  it('shows an error of a field until that field changes, and those of others as long', async () => {
    const path = { peak: 'load.peakRps', seed: 'settings.seed' };
    const fields = { [path.peak]: ['number'], [path.seed]: ['number'] };
    const refuse = async () => ({ ok: false as const, error: { form: null, fields } });
    renderPage(
      <RehearsalScreen
        initial={testDrillView(5)}
        startRehearsal={refuse}
        cancelRehearsal={async () => ok(null)}
      />,
    );
    fireEvent.click(screen.getByRole('button', { name: 'Rehearse seed 4' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Rehearse plan' }));
    const [peak, seed] = ['Peak (req/s)', 'Seed'].map((name) => dialog.getByLabelText(name));
    fireEvent.change(dialog.getByLabelText('Peak (req/s)'), { target: { value: 'many' } });
    fireEvent.click(dialog.getByRole('button', { name: 'Start rehearsal' }));
    await waitFor(() => expect(peak?.getAttribute('aria-invalid')).toBe('true'));
    fireEvent.change(dialog.getByLabelText('Peak (req/s)'), { target: { value: '900' } });
    expect(peak?.getAttribute('aria-invalid')).toBeNull();
    expect(seed?.getAttribute('aria-invalid')).toBe('true');
    fireEvent.change(dialog.getByLabelText('Seed'), { target: { value: '7' } });
    expect(seed?.getAttribute('aria-invalid')).toBeNull();
  });

  it('is compared with one event by its worst event', async () => {
    const one = {
      ...testDrillView(5),
      id: 'H-0002',
      events: 1,
      endedWell: null,
      drill: null,
      report: testReport({ verdict: 'met' }),
    };
    stored = { 'H-0002': one };
    open(testDrillView(5, { others: [one] }));
    await choose(within(document.body), 'Compare with', 'H-0002');
    const table = await screen.findByRole('table', { name: 'Compare' });
    expect(table.textContent).toContain('This rehearsal, worst event (seed 1)');
    const row = (name: string) =>
      within(table).getByRole('row', { name: new RegExp(`^${name}`) }).textContent;
    expect(row('Result')).toBe('ResultGoals missedGoals met');
    expect(row('Fire drill')).toBe('Fire drill4 of 5 ended well–');
  });

  it('offers no viewer to rehearse a seed', () => {
    open(testDrillView(5), testSession('viewer'));
    expect(screen.getByRole('table', { name: 'Events' })).toBeDefined();
    expect(screen.queryByRole('button', { name: /^Rehearse/ })).toBeNull();
  });

  it('tells the event that is rehearsed now', () => {
    const running = {
      state: 'running',
      progress: 0.366,
      verdict: null,
      endedWell: null,
      report: null,
      drill: null,
    } as const;
    open(testDrillView(100, running));
    expect(screen.getByText('Event 37 of 100, 36 % of the fire drill')).toBeDefined();
  });

  it('on paper has its events without buttons', () => {
    const { id, name, planId, diversionId, settings, drill, report } = testDrillView(5);
    renderPage(
      <PrintedReport
        {...{ id, name, planId, diversionId, settings, drill }}
        report={report ?? testReport()}
      />,
    );
    expect(screen.getByRole('heading', { level: 1 }).textContent).toContain('goals missed');
    expect(screen.getByRole('table', { name: 'Events' })).toBeDefined();
    expect(screen.queryByRole('button', { name: /^Rehearse/ })).toBeNull();
  });
});

describe('the page of a rehearsal', () => {
  const view = (change: Parameters<typeof testReport>[0]): RehearsalView => ({
    ...testDrillView(1),
    drill: null,
    report: testReport(change),
  });

  it('says what keeps a real run from starting, by its gravity', () => {
    const notes = [
      { code: 'approvalsMissing', severity: 'todo', values: { given: 1, needed: 2 } },
      { code: 'schedulerLost', severity: 'stops', values: { actor: 'sari@example.com' } },
    ] as const;
    open(view({ notes: [...notes] }));
    const panel = within(screen.getByRole('region', { name: 'Before a real run' }));
    const [missing, lost] = panel.getAllByRole('listitem');
    expect(missing?.textContent).toBe('To doThe plan needs 2 approvals before T0, and has 1.');
    expect(lost?.textContent).toMatch(/^Will not startsari@example\.com, who scheduled the run/);
    cleanup();
    open(view({}));
    expect(screen.queryByRole('region', { name: 'Before a real run' })).toBeNull();
  });

  it('names the safety rule that stopped the run, and how it may continue', () => {
    const values = { problem: 'safetyRule', rule: 'Sale', why: 'never', object: 'flash.example.co.id' };
    open(view({ changes: [{ code: 'clearProblem', place: 'schedule', values }] }));
    const change = screen.getByRole('region', { name: 'What to change' }).textContent;
    expect(change).toContain('The safety rule “Sale” refuses this: flash.example.co.id is protected.');
    expect(change).toContain('Administrators can change the rule in Settings.');
  });

  it('writes costs and the timeline in words with units, and instants as the time after T0', () => {
    const rows = (name: string) =>
      within(screen.getByRole('table', { name }))
        .getAllByRole('row')
        .slice(1)
        .map((row) =>
          within(row)
            .getAllByRole('cell')
            .map(({ textContent }) => textContent),
        );
    const line = { name: 'lb-sin-flash', region: 'ap-singapore', quantity: 165, amount: 19.79 };
    const cost = { currency: 'USD', total: 1.2, low: 1, high: 1.4, unknown: [] };
    const at = '2026-12-11T23:59:03.000Z';
    const refused = { problem: 'safetyRule', rule: 'Sale', why: 'never', object: 'flash.example.co.id' };
    const protectedText =
      'The safety rule “Sale” refuses this: flash.example.co.id is protected. Administrators can change the rule in Settings.';
    const event = { at, atS: -57, direction: 'apply', stepId: null } as const;
    const amounts: Readonly<Record<RehearsalFaultKind, readonly [number, string]>> = {
      apiErrors: [50, 'API errors, 50\u00a0% of calls'],
      apiThrottled: [80, 'API calls throttled, 80\u00a0% of calls'],
      apiDown: [1, 'API unavailable'],
      responseLost: [1, 'Response lost, 1 response'],
      slowTasks: [60, 'Slow tasks, tasks take 60\u00a0s'],
      taskFails: [2, 'Task fails, 2 tasks'],
      foreignEdit: [600, 'Change by someone else, TTL 600\u00a0s'],
      workerCrash: [1, 'Worker crash'],
      clockJump: [-60, 'Clock jump, by −1 min'],
      functionFails: [1, 'Function fails'],
      serverDown: [1, 'Server down'],
      resolverOutage: [50, 'Resolvers down, 50\u00a0% of clients'],
    };
    open(
      view({
        cost: {
          ...cost,
          lines: costItems.map((item) => ({ item, ...line })),
        },
        timeline: [
          { ...event, code: 'gate', values: { due: '2026-12-12T00:00:00.000Z', gate: 'T0' } },
          { ...event, code: 'stepDone', values: { outcome: 'applied', durationMs: 1217 } },
          { ...event, code: 'stepDone', values: { outcome: 'readBack', durationMs: 0 } },
          { ...event, code: 'stopped', values: { measure: 'errorRate', value: 12.5, reason: 'guard' } },
          { ...event, code: 'stopped', values: { ...refused, reason: 'invalid' } },
          { ...event, code: 'checked', values: { problems: 1, ...refused } },
          { ...event, code: 'retrying', values: { error: 'noAnswer', since: at } },
          { ...event, code: 'callFailed', values: { error: 'RequestLimitExceeded', action: 'ModifyRule' } },
          { ...event, code: 'refused', values: { command: 'skipBake', state: 'rollingBack' } },
          { ...event, code: 'fault', values: { kind: 'serverDown', amount: 0, object: 'ins-1' } },
          ...Object.entries(amounts).map(([kind, [amount]]) => ({
            ...event,
            code: 'fault',
            values: { kind, amount, object: '' },
          })),
          { ...event, code: 'finished', values: { result: 'rolledBack' } },
        ],
      }),
    );
    expect(rows('Cost').map(([item, quantity]) => [item?.split(',')[0], quantity])).toEqual([
      ['Function calls', '165 calls'],
      ['Function run time', '165 GB-s'],
      ['Warm instances', '165 GB-s idle'],
      ['New load balancer', '165 days'],
      ['Load balancer capacity', '165.0 LCU hours'],
      ['Outbound traffic', '165.0 GB'],
    ]);
    expect(rows('Timeline').map((cells) => cells.at(-1))).toEqual([
      'until +0 s, T0',
      'applied, took 1.2 s',
      'verified',
      'guard, Error rate: 12.5 %',
      `check failed: ${protectedText}`,
      protectedText,
      'no response, since −57 s',
      'error RequestLimitExceeded, action ModifyRule',
      'Skip wait, Rolling back',
      'Server down, ins-1',
      ...Object.values(amounts).map(([, words]) => words),
      'rolled back',
    ]);
  });

  it('lists operator commands with the responses of the run', () => {
    const rollback = { kind: 'rollback', atS: 300, state: 'diverted', answer: 'rolledBack' } as const;
    const figures = { afterS: 0, completeAfterS: 140, failedRequests: 88.4 };
    open(view({ commands: [{ ...rollback, ...figures }] }));
    const table = within(screen.getByRole('table', { name: 'Operator commands' }));
    const cells = table.getAllByRole('cell').map(({ textContent }) => textContent);
    expect(cells).toEqual(['Roll back', '+5 min', 'Diverted', 'rolled back', '0 s', '2 min 20 s', '88']);
  });
});

it('leads to the capacity of its event with the goals that it is judged by', async () => {
  const view = testDrillView(5);
  const goals = { ...view.settings.goals, lostShare: 0.02, waitP95Ms: 120 };
  open({ ...view, settings: { ...view.settings, goals } });
  const link = await screen.findByRole('link', { name: 'Capacity of this event' });
  const query = new URL(link.getAttribute('href') ?? '', 'http://localhost').searchParams;
  const read = readScenario(query.get('s') ?? '');
  expect(read).toMatchObject({ ok: true, scenario: { goals: { refusedShare: 0.02, waitP95Ms: 120 } } });
});
