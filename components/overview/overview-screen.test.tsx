// @vitest-environment happy-dom

import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ConnectionView } from '@/lib/contract/connection';
import type {
  ChecklistView,
  ConnectionHealthView,
  OverviewView,
  RunningView,
  TrafficRowView,
} from '@/lib/contract/overview';
import type { CommandRunAction } from '@/lib/contract/run';
import { DiversionId } from '@/lib/diversion/diversion';
import { PlanId, StepId } from '@/lib/plan/model/model';
import { err, ok } from '@/lib/result';
import { RunId } from '@/lib/run/model/run-id';
import { renderPage } from '@/testing/components/test-page';
import { testCutover, testRunPlan } from '@/testing/components/test-run';
import { OverviewScreen } from './overview-screen';

const now = '2026-12-11T15:00:00.000Z';

/** The response of `overview.get`. */
let answer: OverviewView;
beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse(now), toFake: ['Date', 'setInterval'] });
  vi.stubGlobal('fetch', async () => Response.json(answer));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const read = <T,>(value: T) => ({ value, code: null }) as const;
const health: ConnectionHealthView = {
  connection: { id: 'sandbox-niaga', name: 'niaga', kind: 'sandbox' },
  readAt: now,
  targets: { alive: 12, dead: 0, unknown: 0, unchecked: 2, unread: 0 },
  failing: [],
  failingTotal: 0,
  functions: { ready: 3, notReady: [] },
  balancersDown: [],
  failedSync: null,
};
const quietChecklist: ChecklistView = {
  connectionId: 'sandbox-niaga',
  routeNode: 'ru:loc-1',
  splitRunId: null,
  done: { sync: true, route: false, split: false, rollback: false },
  dismissed: null,
};
const quiet: OverviewView = {
  now,
  needs: { items: [], total: 0, isUrgent: false, unread: [] },
  running: read([]),
  upcoming: read({ cutovers: [], total: 0 }),
  traffic: read([]),
  health: read({ connections: [health], switches: [] }),
  checklist: read(quietChecklist),
  isFresh: false,
};
const niaga: ConnectionView = {
  id: 'sandbox-niaga',
  name: 'niaga',
  kind: 'sandbox',
  uin: '1',
  portOffset: 0,
  isolation: 'jail',
};
const running: RunningView = {
  runId: RunId.parse('R-0001'),
  diversionId: DiversionId.parse('D-0001'),
  name: 'Night sale',
  domains: ['flash.example.co.id'],
  connectionName: 'niaga',
  state: 'diverted',
  hasOutage: false,
  direction: 'apply',
  functionShare: 100,
  next: { kind: 'T1', at: '2026-12-11T18:00:00.000Z' },
  retry: null,
  zone: 'Asia/Jakarta',
};

const trafficRow: TrafficRowView = {
  diversionId: DiversionId.parse('D-0001'),
  runId: RunId.parse('R-0001'),
  name: 'Night sale',
  connectionName: 'niaga',
  state: 'done',
  domains: ['flash.example.co.id'],
  points: [],
  why: null,
  error: null,
};

const showChecklist = vi.fn(async () => ok(null));
const commandRun = vi.fn<CommandRunAction>();

function open(change: Partial<OverviewView> = {}, connections: readonly ConnectionView[] = [niaga]) {
  answer = { ...quiet, ...change };
  return renderPage(
    <OverviewScreen
      initial={answer}
      connections={connections}
      showChecklist={showChecklist}
      commandRun={commandRun}
    />,
  );
}
const region = (name: string) => within(screen.getByRole('region', { name }));
const titles = () => screen.getAllByRole('heading', { level: 2 }).map(({ textContent }) => textContent);

describe('the overview', () => {
  it('says where traffic is, and draws nothing that is empty', () => {
    open({ checklist: read({ ...quietChecklist, done: { ...quietChecklist.done, rollback: true } }) });
    expect(titles()).toEqual(['Traffic now', 'Health']);
    expect(region('Traffic now').getByText('All traffic is on the servers.')).toBeTruthy();
    expect(region('Health').getByText('12 of 12 servers healthy')).toBeTruthy();
    expect(region('Health').getByText('3 functions ready')).toBeTruthy();
  });

  it('begins with a new diversion without data', () => {
    open({ isFresh: true });
    expect(screen.getByRole('heading', { name: 'All traffic is on the servers' })).toBeTruthy();
    const link = screen.getByRole('link', { name: 'New diversion' });
    expect(link.getAttribute('href')).toBe('/diversions/new?connection=sandbox-niaga');
  });

  it('links each pending task to its page', () => {
    const attention = {
      kind: 'attention',
      diversionId: DiversionId.parse('D-0002'),
      name: 'Day sale',
      planId: PlanId.parse('P-0002'),
      runId: RunId.parse('R-0002'),
      number: 1,
      blocks: 2,
      given: 1,
      needed: 2,
    } as const;
    open({
      needs: {
        items: [
          { kind: 'worker', worker: 'none' },
          {
            kind: 'alert',
            alert: {
              subject: { kind: 'run', id: RunId.parse('R-0001') },
              name: 'Night sale',
              occurrence: '1',
              since: now,
              reason: { kind: 'drift', object: 'flash.example.co.id' },
            },
          },
          {
            kind: 'revalidation',
            runId: RunId.parse('R-0003'),
            name: 'Flash',
            t0: testCutover.t0,
            zone: testCutover.zone,
            problems: [{ kind: 'blocked', values: { count: 1, check: 'region' } }],
          },
          {
            kind: 'retrying',
            runId: RunId.parse('R-0006'),
            name: 'Ramp',
            direction: 'apply',
            stepId: StepId.parse('s4'),
            action: 'ModifyRecordFields',
            code: 'InternalError',
            since: now,
            attempt: 12,
            until: testCutover.t0,
          },
          { kind: 'conflict', runIds: [RunId.parse('R-0004'), RunId.parse('R-0005')], object: 'flash' },
          { ...attention, attention: 'stopped', name: 'Acknowledged sale' },
          { ...attention, attention: 'unapproved' },
          { kind: 'drift', connectionId: 'sandbox-niaga', connectionName: 'niaga', count: 2 },
          {
            kind: 'syncFailed',
            connectionId: 'sandbox-niaga',
            connectionName: 'niaga',
            at: now,
            code: 'AuthFailure.SecretIdNotFound',
            requestId: '3c140219-cfe9',
          },
          { kind: 'background', count: 1 },
        ],
        total: 12,
        isUrgent: true,
        unread: [{ source: 'drift', code: 'ab12cd34' }],
      },
    });
    const panel = region('Needs you');
    expect(document.body.textContent).toMatch(
      /ModifyRecordFields \(step s4\) has failed with InternalError since .*, 12 times\. The run waits for it and stops at /,
    );
    const links = panel.getAllByRole('link').map((link) => [link.textContent, link.getAttribute('href')]);
    expect(links).toEqual([
      ['Worker', '/settings'],
      ['Night sale R-0001', '/runs/R-0001'],
      ['Flash', '/runs/R-0003'],
      ['Ramp R-0006', '/runs/R-0006'],
      ['R-0004 and R-0005', '/schedule'],
      ['Acknowledged sale', '/runs/R-0002'],
      ['Day sale', '/plans/P-0002'],
      ['Drift in niaga', '/drift?connection=sandbox-niaga'],
      ['Sync of niaga', '/estate?connection=sandbox-niaga'],
      ['Background tasks', '/settings'],
      ['Diversions', '/diversions'],
    ]);
    expect(panel.getByText(/Stopped: someone else changed flash.example.co.id./)).toBeTruthy();
    expect(panel.getByText(/with AuthFailure.SecretIdNotFound/).textContent).toMatch(
      /Request ID 3c140219-cfe9 .*Check in the cloud console that the key exists and is enabled/,
    );
    expect(panel.getByText(/A check blocks this plan: Region\./)).toBeTruthy();
    expect(panel.getByText(/2 more need attention/)).toBeTruthy();
    expect(panel.getByText('Drift could not be counted (ab12cd34).')).toBeTruthy();
  });

  it('names a source of tasks that could not be read, also without any task', () => {
    open({ needs: { ...quiet.needs, unread: [{ source: 'alerts', code: 'ab12cd34' }] } });
    expect(
      region('Needs you').getByText('Stopped runs and alerts could not be read (ab12cd34).'),
    ).toBeTruthy();
  });

  it('shows a run with the shares of both sides and the time until the next event', () => {
    open({ running: read([running]) });
    const panel = region('Traffic now');
    expect(panel.getByRole('link', { name: 'Night sale' }).getAttribute('href')).toBe('/runs/R-0001');
    expect(panel.getByRole('img', { name: 'Intended share: servers 0 %, function 100 %' })).toBeTruthy();
    expect(panel.getByText('03:00:00').parentElement?.textContent).toContain('until automatic rollback, ');
    expect(panel.getByText('03:00:00').parentElement?.textContent).toContain('01:00:00 WIB');
    expect(panel.queryByText('All traffic is on the servers.')).toBeNull();
  });

  it('shows the current step and what it waits for', () => {
    const [step] = testRunPlan.steps;
    if (step === undefined) throw new Error('the plan has steps');
    const at = '2026-12-11T15:01:30.000Z';
    open({
      running: read([
        { ...running, state: 'applying', next: { kind: 'step', step } },
        { ...running, runId: RunId.parse('R-0002'), functionShare: null, next: { kind: 'wait', step, at } },
      ]),
    });
    const [now, waiting] = region('Traffic now').getAllByRole('listitem');
    expect(now?.textContent).toContain('Create');
    expect(waiting?.textContent).toMatch(/01:30until the next step, /);
    expect(region('Traffic now').getAllByRole('img')).toHaveLength(1);
  });

  it('lists the next cutovers, with their T0 in its time zone', () => {
    const cutover = { t0: testCutover.t0, t1: null, zone: testCutover.zone };
    open({
      upcoming: read({
        cutovers: [
          {
            runId: RunId.parse('R-0007'),
            planId: PlanId.parse('P-0007'),
            name: 'Midnight',
            connectionName: 'niaga',
            state: 'scheduled',
            approvals: { given: 0, needed: 1 },
            prewarmAt: now,
            cutover,
            problems: 1,
          },
        ],
        total: 3,
      }),
    });
    const panel = region('Next');
    expect(panel.getByRole('listitem').textContent).toMatch(/00:00:00 WIB.*Midnight.*0 of 1/);
    expect(panel.getByRole('link', { name: 'Midnight' }).getAttribute('href')).toBe('/runs/R-0007');
    expect(panel.getByText('1 problem found by re-validation')).toBeTruthy();
    expect(panel.getByRole('link', { name: '2 more on the schedule' }).getAttribute('href')).toBe(
      '/schedule',
    );
  });

  it('shows the traffic of both sides, errors, and the use of functions against their limit', () => {
    const point = {
      at: now,
      cvm: 12.34,
      function: 1950,
      errorRate: 0.25,
      lagMs: 90_000,
      functions: [{ name: 'flash/sale', inUse: 40, limit: 100, warm: 20 }],
    };
    const traffic = { ...trafficRow, points: [{ ...point, at: '2026-12-11T14:59:00.000Z' }, point] };
    open({ traffic: read([traffic]) });
    const row = region('Traffic now').getByRole('listitem');
    expect(row.textContent).toContain(
      'Measured: servers 12 req/s, function 1,950 req/s, 0.3 % errors, flash/sale: 40 of 100 instances, 1 min 30 s behind',
    );
  });

  it('shows what is not measured and why, instead of a zero', () => {
    const functions = [{ name: 'flash/sale', inUse: null, limit: null, warm: null }];
    const point = { at: now, cvm: null, function: 'none', errorRate: null, lagMs: null, functions } as const;
    const error = { code: 'InternalError', message: 'Try later.', requestId: 'req-1' };
    const named = (name: string) => ({ ...trafficRow, name, diversionId: DiversionId.parse(name) });
    open({
      traffic: read([
        { ...named('gaps'), points: [point] },
        { ...named('off'), why: 'off' },
        { ...named('new'), why: 'notYet' },
        { ...named('failed'), why: 'error', error },
      ]),
    });
    const row = (name: string) =>
      region('Traffic now').getByRole('link', { name }).closest('li')?.textContent ?? '';
    expect(row('gaps')).toContain('Measured: servers not measured, function no rule, errors not measured');
    expect(row('off')).toContain('SPILLWAY_TRAFFIC_S is 0');
    expect(row('new')).toContain('Not measured yet');
    expect(row('failed')).toMatch(/InternalError. Try later..*req-1/);
    for (const name of ['gaps', 'off', 'new', 'failed']) expect(row(name)).not.toMatch(/\b0 req/);
  });

  it('shows failing health checks with the time of the data', () => {
    open({
      health: read({
        connections: [
          {
            ...health,
            targets: { alive: 29_999, dead: 1, unknown: 0, unchecked: 0, unread: 0 },
            failing: [{ node: 'ru:loc-1', name: 'shop.example.co.id/', dead: 1, all: 4 }],
            failingTotal: 1,
            functions: { ready: 1, notReady: ['flash/storefront'] },
            balancersDown: ['lb-off'],
          },
        ],
        switches: [{ switchId: 'S-0001', domain: 'search.example.co.id', failing: 2, vantages: 3, at: now }],
      }),
    });
    const panel = region('Health');
    expect(panel.getByRole('link', { name: 'shop.example.co.id/' }).getAttribute('href')).toBe(
      '/estate?connection=sandbox-niaga&node=ru%3Aloc-1',
    );
    for (const text of [
      '29,999 of 30,000 servers healthy',
      '1 of 4 fail',
      '1 of 2 functions ready',
      'flash/storefront',
      'Not serving: lb-off',
      '2 of 3 vantages see it fail',
    ])
      expect(panel.getByText(text)).toBeTruthy();
  });

  it('never shows a zero for targets without health data', () => {
    const targets = { alive: 0, dead: 0, unknown: 0, unchecked: 0, unread: 4 };
    open({ health: read({ connections: [{ ...health, targets }], switches: [] }) });
    const { textContent } = screen.getByRole('region', { name: 'Health' });
    expect(textContent).toContain('4 unread');
    expect(textContent).not.toContain('servers healthy');
  });

  it('reports each part that could not be read, and shows the others', () => {
    const failed = (code: string) => ({ value: null, code }) as const;
    open({ running: failed('aaaa1111'), health: failed('bbbb2222') });
    expect(region('Traffic now').getByRole('alert').textContent).toContain('aaaa1111');
    expect(region('Traffic now').queryByText('All traffic is on the servers.')).toBeNull();
    expect(region('Health').getByRole('alert').textContent).toContain('bbbb2222');
    expect(region('First steps')).toBeTruthy();
  });

  it('says that traffic is on the servers only if what is in effect could be read', () => {
    open({ traffic: { value: null, code: 'eeee5555' } });
    expect(region('Traffic now').getByText(/Search the log for eeee5555/)).toBeTruthy();
    expect(region('Traffic now').queryByText('All traffic is on the servers.')).toBeNull();
  });

  it('loads a part that could not be read again on demand, or names the new code', async () => {
    const failed = (code: string) => ({ value: null, code }) as const;
    const unread = [{ source: 'alerts', code: 'dddd4444' }] as const;
    open({ running: failed('aaaa1111'), upcoming: failed('bbbb2222'), needs: { ...quiet.needs, unread } });
    const tryAgain = (name: string) => region(name).findByRole('button', { name: 'Try again', busy: false });
    answer = { ...quiet, upcoming: failed('cccc3333') };
    fireEvent.click(await tryAgain('Traffic now'));
    expect(await screen.findByText('All traffic is on the servers.')).toBeTruthy();
    expect((await region('Next').findByRole('alert')).textContent).toContain('cccc3333');
    expect(screen.queryByRole('region', { name: 'Needs you' })).toBeNull();
    answer = { ...quiet, needs: { ...quiet.needs, unread } };
    fireEvent.click(await tryAgain('Next'));
    expect(await screen.findByRole('region', { name: 'Needs you' })).toBeTruthy();
    expect(screen.queryByRole('region', { name: 'Next' })).toBeNull();
    answer = quiet;
    fireEvent.click(await tryAgain('Needs you'));
    await vi.waitFor(() => expect(screen.queryByRole('region', { name: 'Needs you' })).toBeNull());
  });

  it('keeps its data, with the time, when the server does not respond', async () => {
    answer = quiet;
    vi.stubGlobal('fetch', async () => new Response('', { status: 500 }));
    renderPage(
      <OverviewScreen
        initial={quiet}
        connections={[niaga]}
        showChecklist={showChecklist}
        commandRun={commandRun}
      />,
    );
    expect(await screen.findByText(/Showing the state as of/)).toBeTruthy();
    expect(region('Traffic now').getByText('All traffic is on the servers.')).toBeTruthy();
  });

  it('rolls back everything that is diverted, each run on its own, and says what came of each', async () => {
    const [moved, unmoved] = [running, { ...running, functionShare: null }];
    const refusal = { fields: {}, form: { message: 'run.gone', values: { run: 'R-0002' } } };
    commandRun.mockImplementation(async ({ runId }) => {
      if (runId === 'R-0003') throw new TypeError('Failed to fetch');
      return runId === 'R-0002' ? err(refusal) : ok(null);
    });
    open({
      running: read([
        moved,
        { ...moved, runId: RunId.parse('R-0002'), name: 'Day sale', functionShare: 10 },
        { ...unmoved, runId: RunId.parse('R-0004'), name: 'Not moved yet' },
        { ...moved, runId: RunId.parse('R-0005'), name: 'Rolling back', state: 'rollingBack' },
      ]),
      traffic: read([{ ...trafficRow, runId: RunId.parse('R-0003'), name: 'Permanent' }]),
    });
    fireEvent.click(screen.getByRole('button', { name: 'Roll back all (3)' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Roll back 3 diversions?' }));
    const lines = () => dialog.getAllByRole('listitem').map(({ textContent }) => textContent);
    expect(lines()).toEqual([
      'Night sale R-0001flash.example.co.id: 100 % → 0 % on the function',
      'Day sale R-0002flash.example.co.id: 10 % → 0 % on the function',
      'Permanent R-0003flash.example.co.id: 0 % on the function',
    ]);
    fireEvent.change(dialog.getByRole('textbox'), { target: { value: ' Errors. ' } });
    fireEvent.click(dialog.getByRole('button', { name: 'Roll back 3 diversions' }));
    expect(await dialog.findByText('Rolling back')).toBeTruthy();
    expect(commandRun.mock.calls.map(([input]) => [input.runId, input.command, input.reason])).toEqual([
      ['R-0001', 'rollback', 'Errors.'],
      ['R-0002', 'rollback', 'Errors.'],
      ['R-0003', 'rollback', 'Errors.'],
    ]);
    expect(lines()[1]).toContain('R-0002 does not exist');
    expect(lines()[2]).toContain('No answer. Open the run to see its state.');
    expect(dialog.queryByRole('button', { name: /^Roll back/ })).toBeNull();
    fireEvent.click(dialog.getByRole('button', { name: 'Close' }));
  });

  it.each([
    ['Pause', 'Pause run', 'pause', '100 % stays on the function', 'Pausing'],
    ['Roll back', 'Roll back 1 diversion', 'rollback', '100 % → 0 % on the function', 'Rolling back'],
  ])('offers %s on the row of one diversion', async (button, confirm, command, effect, accepted) => {
    commandRun.mockImplementation(async () => ok(null));
    open({ running: read([running]) });
    expect(screen.queryByRole('button', { name: /^Roll back all/ })).toBeNull();
    fireEvent.click(region('Traffic now').getByRole('button', { name: `${button} Night sale` }));
    const dialog = within(await screen.findByRole('dialog', { name: `${button} Night sale?` }));
    expect(dialog.getByRole('listitem').textContent).toContain(effect);
    fireEvent.click(dialog.getByRole('button', { name: confirm }));
    expect(await dialog.findByText(accepted)).toBeTruthy();
    expect(commandRun.mock.lastCall?.[0]).toMatchObject({ runId: 'R-0001', command, reason: '' });
  });

  it('offers only the commands that apply to the state of a run', () => {
    open({ running: read([{ ...running, state: 'rollingBack', direction: 'rollback' }]) });
    expect(region('Traffic now').queryByRole('button', { name: /^Roll back/ })).toBeNull();
  });

  it('guides through the first steps, and marks completed ones', () => {
    open();
    const steps = region('First steps')
      .getAllByRole('link')
      .map((link) => [
        link.textContent,
        link.getAttribute('href'),
        link.previousElementSibling?.getAttribute('aria-label'),
      ]);
    expect(steps).toEqual([
      ['Sync an account', '/estate?connection=sandbox-niaga', 'Done'],
      ['Open a route', '/estate?connection=sandbox-niaga&node=ru%3Aloc-1', 'To do'],
      ['Apply a Split in the sandbox', '/diversions/new?connection=sandbox-niaga&kind=split', 'To do'],
      ['Roll it back', '/diversions', 'To do'],
    ]);
  });

  it('lets the first steps be dismissed and resumed', async () => {
    open();
    fireEvent.click(screen.getByRole('button', { name: 'Dismiss' }));
    await vi.waitFor(() => expect(showChecklist).toHaveBeenLastCalledWith({ isShown: false }));
    cleanup();
    const dismissed = { by: 'sari', at: now };
    open({ checklist: read({ ...quietChecklist, dismissed, splitRunId: RunId.parse('R-0001') }) });
    expect(screen.queryByRole('region', { name: 'First steps' })).toBeNull();
    fireEvent.click(screen.getByRole('button', { name: 'Resume first steps' }));
    await vi.waitFor(() => expect(showChecklist).toHaveBeenLastCalledWith({ isShown: true }));
  });
});
