// @vitest-environment happy-dom

import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EmergencyStopProvider } from '@/components/shell/emergency-stop-provider';
import type { ConnectionView } from '@/lib/contract/connection';
import type {
  ChecklistView,
  ConnectionHealthView,
  OverviewView,
  RunningView,
  TrafficRowView,
} from '@/lib/contract/overview';
import { DiversionId } from '@/lib/diversion/diversion';
import { PlanId, StepId } from '@/lib/plan/model/model';
import { ok } from '@/lib/result';
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
  phase: {
    phase: 'diverted',
    direction: 'apply',
    state: 'live',
    share: 0,
    startedAt: '2026-12-11T14:00:00.000Z',
    dueAt: null,
    untilAt: '2026-12-11T18:00:00.000Z',
    tookMs: null,
    forecastMs: 0,
  },
  done: 6,
  all: 6,
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

function open(change: Partial<OverviewView> = {}, connections: readonly ConnectionView[] = [niaga]) {
  answer = { ...quiet, ...change };
  return renderPage(
    <OverviewScreen initial={answer} connections={connections} showChecklist={showChecklist} />,
  );
}
const region = (name: string) => within(screen.getByRole('region', { name }));
/** Returns the text of a tile, by its name. */
const tile = (name: string) =>
  screen.getAllByRole('term').find(({ textContent }) => textContent === name)?.nextElementSibling
    ?.textContent;

describe('the overview', () => {
  it('reports that nothing needs attention, runs or is due', () => {
    open();
    expect(region('Needs your attention').getByText('Nothing needs your attention.')).toBeTruthy();
    expect(region('Running now').getByText('No runs in progress.')).toBeTruthy();
    expect(region('Coming up').getByText('Nothing is scheduled.')).toBeTruthy();
    expect(tile('Needs your attention')).toBe('Nothing');
    expect(tile('Healthy targets')).toBe('12 of 12No target fails its check');
    expect(tile('Changes')).toBe('AllowedPlans can be applied');
    expect(screen.queryByText('Nothing is diverted yet')).toBeNull();
  });

  it('links to the first diversion without data', () => {
    open({ isFresh: true });
    const link = screen.getByRole('link', { name: 'Create first diversion' });
    expect(link.getAttribute('href')).toBe('/diversions/new?connection=sandbox-niaga&kind=split');
  });

  it('lists sandbox accounts, and shows no sandbox notice without one', () => {
    open();
    expect(screen.getByText('niaga is a sandbox')).toBeTruthy();
    cleanup();
    open({}, [{ ...niaga, kind: 'tencent' }]);
    expect(screen.queryByText(/is a sandbox/)).toBeNull();
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
    const panel = region('Needs your attention');
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
    expect(tile('Needs your attention')).toBe('121 source could not be read');
  });

  it('does not report an empty list when a source could not be read', () => {
    open({ needs: { ...quiet.needs, unread: [{ source: 'alerts', code: 'ab12cd34' }] } });
    expect(tile('Needs your attention')).toBe('Unknown1 source could not be read');
    expect(
      region('Needs your attention').getByText('Nothing needs your attention in the parts that were read.'),
    ).toBeTruthy();
  });

  it('shows a run with its phase, the shares of both sides and the time until the next event', () => {
    open({ running: read([running]) });
    const panel = region('Running now');
    expect(panel.getByRole('link', { name: 'Night sale' }).getAttribute('href')).toBe('/runs/R-0001');
    expect(panel.getByRole('img', { name: 'Diverted: 25 % done' })).toBeTruthy();
    expect(panel.getByRole('img', { name: 'Intended share: CVM 0 %, SCF 100 %' })).toBeTruthy();
    expect(panel.getByText(/Rollback starts in 03:00:00, at/).textContent).toContain('01:00:00 WIB');
    expect(tile('Running now')).toBe('1Night sale: Diverted');
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
    const panel = region('Running now');
    expect(panel.getByText(/^Now: /)).toBeTruthy();
    expect(panel.getByText(/^Waiting 01:30, until/)).toBeTruthy();
    expect(panel.getByText('Intended share: as before the run')).toBeTruthy();
  });

  it('counts down to the next T0 in its time zone', () => {
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
    expect(tile('Next T0')).toMatch(/^02:00:00.*00:00:00 WIB Midnight$/);
    const panel = region('Coming up');
    expect(panel.getByText('02:00:00')).toBeTruthy();
    expect(panel.getByText('1 problem found by re-validation')).toBeTruthy();
    expect(panel.getByText(/stays in effect/)).toBeTruthy();
    expect(panel.getByRole('link', { name: 'Capacity' }).getAttribute('href')).toBe('/capacity?plan=P-0007');
    expect(panel.getByRole('link', { name: 'schedule' }).getAttribute('href')).toBe('/schedule');
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
    const panel = region('Traffic now');
    expect(panel.getByRole('link', { name: 'Night sale' }).getAttribute('href')).toBe('/runs/R-0001');
    const rates = panel.getAllByRole('definition').map(({ textContent }) => textContent);
    expect(rates).toEqual(['12 req/s', '1,950 req/s', '0.3 %']);
    expect(panel.getByRole('img', { name: /CVM 12 req\/s, SCF 1,950 req\/s now$/ })).toBeTruthy();
    expect(panel.getByText('40 of 100 instances').parentElement?.textContent).toContain('20 warm');
    expect(panel.getByText('Monitoring is 1 min 30 s behind.')).toBeTruthy();
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
    expect(row('gaps')).toMatch(/CVMnot measuredSCFno ruleErrorsnot measured/);
    expect(row('gaps')).toContain(
      'there were no requests, it is behind, the API key has no permission to read it, or a side has more than 80 rules',
    );
    expect(row('gaps')).toContain('not measured, limit unknown');
    expect(row('off')).toContain('SPILLWAY_TRAFFIC_S is 0');
    expect(row('new')).toContain('Not measured yet');
    expect(row('failed')).toMatch(/InternalError. Try later..*Request ID req-1/);
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
    const panel = region('Health of targets');
    expect(panel.getByRole('link', { name: 'shop.example.co.id/' }).getAttribute('href')).toBe(
      '/estate?connection=sandbox-niaga&node=ru%3Aloc-1',
    );
    for (const text of [
      '29,999 healthy',
      '1 of 4 targets fail',
      'Not ready: flash/storefront',
      'Not serving: lb-off',
      '2 of 3 vantages see it fail',
    ])
      expect(panel.getByText(text)).toBeTruthy();
    expect(tile('Healthy targets')).toBe('29,999 of 30,0001 target fails its check');
  });

  it('never shows a zero for targets without health data', () => {
    const targets = { alive: 0, dead: 0, unknown: 0, unchecked: 0, unread: 4 };
    open({ health: read({ connections: [{ ...health, targets }], switches: [] }) });
    expect(tile('Healthy targets')).toBe('UnknownNo health checks were read');
  });

  it('reports each part that could not be read, and shows the others', () => {
    const failed = (code: string) => ({ value: null, code }) as const;
    open({ running: failed('aaaa1111'), health: failed('bbbb2222') });
    expect(region('Running now').getByRole('alert').textContent).toContain('aaaa1111');
    expect(region('Health of targets').getByRole('alert').textContent).toContain('bbbb2222');
    expect(region('Coming up').getByText('Nothing is scheduled.')).toBeTruthy();
    expect(tile('Running now')).toBe('UnknownCould not be loaded');
    expect(tile('Healthy targets')).toBe('UnknownCould not be loaded');
  });

  it('loads a part that could not be read again on demand, or names the new code', async () => {
    const failed = (code: string) => ({ value: null, code }) as const;
    const unread = [{ source: 'alerts', code: 'dddd4444' }] as const;
    open({ running: failed('aaaa1111'), upcoming: failed('bbbb2222'), needs: { ...quiet.needs, unread } });
    expect(tile('Next T0')).toBe('UnknownCould not be loaded');
    const tryAgain = (name: string) => region(name).findByRole('button', { name: 'Try again', busy: false });
    answer = { ...quiet, upcoming: failed('cccc3333') };
    fireEvent.click(await tryAgain('Running now'));
    expect(await region('Running now').findByText('No runs in progress.')).toBeTruthy();
    expect((await region('Coming up').findByRole('alert')).textContent).toContain('cccc3333');
    expect(region('Needs your attention').queryByRole('button')).toBeNull();
    answer = { ...quiet, needs: { ...quiet.needs, unread } };
    fireEvent.click(await tryAgain('Coming up'));
    expect(await region('Coming up').findByText('Nothing is scheduled.')).toBeTruthy();
    answer = quiet;
    fireEvent.click(await tryAgain('Needs your attention'));
    expect(await region('Needs your attention').findByText('Nothing needs your attention.')).toBeTruthy();
  });

  it('keeps its data, with the time, when the server does not respond', async () => {
    answer = quiet;
    vi.stubGlobal('fetch', async () => new Response('', { status: 500 }));
    renderPage(<OverviewScreen initial={quiet} connections={[niaga]} showChecklist={showChecklist} />);
    expect(await screen.findByText(/Showing the state as of/)).toBeTruthy();
    expect(region('Needs your attention').getByText('Nothing needs your attention.')).toBeTruthy();
  });

  it('does not report that changes are allowed while that can’t be read', async () => {
    vi.stubGlobal('fetch', async () => new Response('', { status: 500 }));
    renderPage(
      <EmergencyStopProvider
        initial={null}
        pauseChanges={async () => ok({ paused: 0 })}
        resumeChanges={async () => ok({ resumed: 0 })}
      >
        <OverviewScreen initial={quiet} connections={[niaga]} showChecklist={showChecklist} />
      </EmergencyStopProvider>,
    );
    expect(tile('Changes')).toBe('UnknownThe pause state could not be read');
  });

  it('guides through the first steps, and marks completed ones', () => {
    open();
    const steps = region('First steps')
      .getAllByRole('link')
      .map((link) => [link.textContent, link.getAttribute('href'), link.nextElementSibling?.textContent]);
    expect(steps).toEqual([
      ['Sync an account', '/estate?connection=sandbox-niaga', 'Done'],
      ['Open a route', '/estate?connection=sandbox-niaga&node=ru%3Aloc-1', 'To do'],
      ['Apply a Split in the sandbox', '/diversions/new?connection=sandbox-niaga&kind=split', 'To do'],
      ['Roll it back', '/diversions', 'To do'],
    ]);
    expect(region('First steps').getByText('1 of 4 done')).toBeTruthy();
  });

  it('lets the first steps be dismissed and resumed', async () => {
    open();
    fireEvent.click(screen.getByRole('button', { name: 'Dismiss' }));
    await vi.waitFor(() => expect(showChecklist).toHaveBeenLastCalledWith({ isShown: false }));
    cleanup();
    const dismissed = { by: 'sari', at: now };
    open({ checklist: read({ ...quietChecklist, dismissed, splitRunId: RunId.parse('R-0001') }) });
    expect(screen.queryByRole('region', { name: 'First steps' })).toBeNull();
    expect(screen.getByText('Dismissed by sari, 1 of 4 done.')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Resume first steps' }));
    await vi.waitFor(() => expect(showChecklist).toHaveBeenLastCalledWith({ isShown: true }));
  });
});
