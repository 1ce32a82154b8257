// @vitest-environment happy-dom

import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PlanReview } from '@/components/plan/review/plan-review';
import { startNavigation } from '@/components/ui/base/navigation-start';
import type { ApplyPlanAction } from '@/lib/contract/plan';
import type { Reads } from '@/lib/contract/reads';
import type { FreezeView, ScheduleView } from '@/lib/contract/schedule';
import { defaultGuards, guardMeasures } from '@/lib/diversion/cutover';
import { ListenerId, LoadBalancerId } from '@/lib/estate/ids';
import { invariant } from '@/lib/invariant';
import { planDiversion } from '@/lib/plan/plan-diversion';
import type { Policy } from '@/lib/policy/policy';
import type { Finding } from '@/lib/preflight/model/model';
import { err, ok } from '@/lib/result';
import { RunId } from '@/lib/run/model/run-id';
import { parseRead } from '@/testing/components/parse-read';
import { choose } from '@/testing/components/test-choose';
import { renderPage } from '@/testing/components/test-page';
import { noApprovals, testPlanView } from '@/testing/components/test-plan-view';
import { testEstate, testFunction, testSplit } from '@/testing/plan/test-estate';

const answered = globalThis.fetch;
let freezes: readonly FreezeView[] = [];
/** The findings of the checks for the requested times. */
let checked: (clock: Reads['plan.check']['input']) => readonly Finding[] = () => [];

beforeEach(() => {
  freezes = [];
  checked = () => [];
  // Mocks the server; everything on the page itself is real.
  globalThis.fetch = async (address) => {
    const { name, input } = parseRead<'plan.check'>(address);
    if (name === 'plan.check') return Response.json({ findings: checked(input) });
    const schedule: ScheduleView = {
      now: '',
      cutovers: [],
      upcoming: [],
      conflicts: [],
      freezes,
      stop: null,
    };
    return Response.json(schedule);
  };
});

afterEach(() => {
  cleanup();
  globalThis.fetch = answered;
});

const servingListener = {
  region: 'ap-singapore',
  loadBalancer: 'lb-cvm',
  listener: 'HTTP:80',
  others: 0,
  loadBalancerId: LoadBalancerId.parse('lb-cvm'),
  listenerId: ListenerId.parse('lbl-lb-cvm'),
  names: ['flash.example.co.id'],
  domains: ['flash.example.co.id'],
  perSecond: 1,
};

type Asked = Parameters<ApplyPlanAction>[0];

async function open(
  view = testPlanView(),
  answer: Awaited<ReturnType<ApplyPlanAction>> | ReturnType<ApplyPlanAction> = ok({
    runId: RunId.parse('r-1'),
  }),
) {
  const asked: Asked[] = [];
  const { visited } = renderPage(
    <PlanReview
      {...noApprovals}
      view={view}
      applyPlan={async (input) => {
        asked.push(input);
        return answer;
      }}
    />,
  );
  fireEvent.click(screen.getByRole('button', { name: 'Schedule plan' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Schedule this plan' }));
  const type = (label: string, value: string) =>
    fireEvent.change(dialog.getByLabelText(label), { target: { value } });
  const pick = (field: string, option: string) => choose(dialog, field, option);
  const submit = () => fireEvent.click(dialog.getByRole('button', { name: 'Schedule plan' }));
  return { asked, visited, dialog, pick, type, submit };
}

describe('the schedule dialog', () => {
  it('proposes the lead of prewarm that the diversion asks for, and says so', async () => {
    const { plan, ...view } = testPlanView();
    const asked = { ...plan, diversion: { ...plan.diversion, prewarmS: 1500 } };
    const { dialog } = await open({ ...view, plan: asked });
    expect(dialog.getByLabelText<HTMLInputElement>('Prewarm before T0').value).toBe('25 min');
    expect(dialog.getByText(/^The diversion asks for 25 min; the steps take about /)).toBeTruthy();
  });

  it('schedules the plan in a time zone, with its initial values, and opens the run', async () => {
    const { asked, visited, pick, type, submit } = await open();
    await pick('Time zone', 'Asia/Jakarta');
    type('T0, divert: date', '2027-12-12');
    type('T0, divert: time', '00:00:30');
    type('T1, roll back: date', '2027-12-12');
    type('T1, roll back: time', '02:00:00');
    type('Prewarm before T0', '20 min');
    submit();
    await waitFor(() => expect(visited).toEqual(['/runs/r-1']));
    expect(asked).toEqual([
      {
        planId: 'p-1',
        hash: 'abc',
        typedDomain: null,
        cutover: {
          t0: '2027-12-11T17:00:30.000Z',
          t1: '2027-12-11T19:00:00.000Z',
          prewarmS: 1200,
          zone: 'Asia/Jakarta',
          missedT0: { kind: 'skip' },
          guards: defaultGuards,
        },
      },
    ]);
  });

  it('sets what follows if warm instances are not ready at T0, for a plan that has them', async () => {
    const without = await open();
    expect(without.dialog.queryByLabelText('Wait at most')).toBeNull();
    cleanup();
    const planned = planDiversion({
      estate: testEstate(),
      diversion: testSplit({ provisioned: 5 }),
      keepAliveS: 75,
    });
    invariant(planned.ok, 'the test estate can be planned');
    const view = testPlanView();
    const { asked, dialog, pick, type, submit } = await open({ ...view, plan: planned.value });
    type('Start once this share is ready (%)', '0');
    type('Wait at most', 'soon');
    submit();
    expect(dialog.getByText('Enter a whole number from 1 to 100.')).toBeTruthy();
    expect(dialog.getByText('Enter a duration of at most 1 h, such as “5 min”, or “0 s”.')).toBeTruthy();
    type('Start once this share is ready (%)', '80');
    type('Wait at most', '90 s');
    await pick('If warm instances are not ready at T0', 'Divert anyway');
    submit();
    await waitFor(() => expect(asked).toHaveLength(1));
    expect(asked[0]?.cutover?.readiness).toEqual({ percent: 80, waitS: 90, otherwise: 'divert' });
  });

  it('asks which of two times is meant when the clocks go back, before sending anything', async () => {
    const { asked, dialog, pick, type, submit } = await open();
    await pick('Time zone', 'Europe/Berlin');
    await pick('After T0', 'Keep in effect');
    type('T0, divert: date', '2027-10-31');
    type('T0, divert: time', '02:30:00');
    submit();
    expect(dialog.getByText('This time occurs twice. Choose its UTC offset.')).toBeTruthy();
    expect(asked).toEqual([]);
    await pick('T0, divert: UTC offset', 'UTC+01:00');
    submit();
    await waitFor(() => expect(asked).toHaveLength(1));
    expect(asked[0]?.cutover?.t0).toBe('2027-10-31T01:30:00.000Z');
  });

  it('reports a time that the clocks skip at its field', async () => {
    const { asked, dialog, pick, type, submit } = await open();
    await pick('Time zone', 'Europe/Berlin');
    type('T0, divert: date', '2027-03-28');
    type('T0, divert: time', '02:30:00');
    expect(dialog.getByText(/^The clocks go forward and skip this time/)).toBeTruthy();
    submit();
    expect(asked).toEqual([]);
  });

  it('can set a plan without T1, a late start, and other guards', async () => {
    const { asked, dialog, pick, type, submit } = await open();
    await pick('After T0', 'Keep in effect');
    expect(dialog.queryByLabelText('T1, roll back: time')).toBeNull();
    await pick('If T0 is missed', 'Divert if not too late');
    type('No later than', '90 s');
    fireEvent.click(dialog.getByRole('button', { name: 'Remove the guard: Error rate' }));
    fireEvent.click(dialog.getByRole('button', { name: 'Remove the guard: Slowest probe' }));
    type('Failed probes: limit', '25');
    submit();
    await waitFor(() => expect(asked).toHaveLength(1));
    expect(asked[0]?.cutover).toMatchObject({
      t1: null,
      missedT0: { kind: 'runIfLate', withinS: 90 },
      guards: [{ measure: 'probeFailures', limit: 25, forS: 20, outcome: 'rollback' }],
    });
  });

  it('starts with the policy of its kind of connection', async () => {
    const policy: Policy = {
      zone: 'Asia/Tokyo',
      prewarmS: 2700,
      missedT0: { kind: 'runIfLate', withinS: 120 },
      guards: [{ measure: 'errorRate', limit: 2, forS: 10, outcome: 'stop' }],
      ownerTags: [],
    };
    const { asked, dialog, submit } = await open(testPlanView({ policy }));
    submit();
    await waitFor(() => expect(asked).toHaveLength(1));
    const { zone, prewarmS, missedT0, guards } = policy;
    expect(asked[0]?.cutover).toMatchObject({ zone, prewarmS, missedT0, guards });
    expect(dialog.getByRole('button', { name: 'Add a guard: Failed probes' })).toBeTruthy();
  });

  it('shows the lag of monitoring, and rejects guards that are too short for it', async () => {
    const reading = { ...servingListener, lagMs: 90_000 };
    const traffic = {
      at: '2026-12-11T15:00:00.000Z',
      readings: [reading],
      functionLagMs: null,
      unmeasured: 0,
      error: null,
    };
    const { asked, dialog, type, submit } = await open(testPlanView({ traffic }));
    expect(
      dialog.getByText(
        'Monitoring was 1 min 30 s behind when the plan was created. The guard needs at least 150 s.',
      ),
    ).toBeTruthy();
    // Its initial duration is long enough.
    expect(dialog.getByLabelText<HTMLInputElement>('Error rate: duration in seconds').value).toBe('150');
    type('Error rate: duration in seconds', '149');
    submit();
    expect(dialog.getByText(/Enter at least the seconds shown below\./)).toBeTruthy();
    expect(asked).toEqual([]);
    type('Error rate: duration in seconds', '150');
    submit();
    await waitFor(() => expect(asked).toHaveLength(1));
  });

  it('shows guards without a value before anything is sent, and offers no others', async () => {
    const { policy } = testPlanView();
    const unread = { measure: 'errorsAboveCvm', limit: 0.5, forS: 300, outcome: 'stop' } as const;
    const view = testPlanView({
      policy: { ...policy, guards: [unread, ...policy.guards] },
      figureIntervals: { trafficS: 900, probeS: 0 },
    });
    const { asked, dialog, submit } = await open(view);
    const reason = dialog.getByText(/^SPILLWAY_TRAFFIC_S is above 600 s: .* or remove the guard\.$/);
    const remove = dialog.getByRole('button', { name: 'Remove the guard: Errors above the CVM side' });
    expect(remove.getAttribute('aria-describedby')).toBe(reason.id);
    submit();
    expect(asked).toEqual([]);
    fireEvent.click(remove);
    expect(dialog.queryByText(/remove the guard\.$/)).toBeNull();
    const offered = () => dialog.queryByRole('button', { name: /^Add a guard: / });
    for (let button = offered(); button !== null; button = offered()) fireEvent.click(button);
    expect(dialog.getAllByText(/^Not available: /).map(({ textContent }) => textContent)).toEqual([
      'Not available: DNS answers that are not current and Failed agent requests. SPILLWAY_PROBE_S is 0, so resolvers and agents are not asked.',
      'Not available: Difference from the planned share and Errors above the CVM side. SPILLWAY_TRAFFIC_S is 900 s, and a measurement counts for 600 s.',
    ]);
    submit();
    await waitFor(() => expect(asked).toHaveLength(1));
    expect(asked[0]?.cutover?.guards.map(({ measure }) => measure)).toEqual([
      ...policy.guards.map(({ measure }) => measure),
      'throttles',
      'unhealthyTargets',
      'provisionedLost',
    ]);
  });

  it('adds the interval to the age of stored traffic, and says if that is later than any duration', async () => {
    const readings = [{ ...servingListener, lagMs: 90_000 }];
    const traffic = {
      at: '2026-12-11T15:00:00.000Z',
      readings,
      functionLagMs: null,
      unmeasured: 0,
      error: null,
    };
    const guard = { measure: 'errorsAboveCvm', limit: 0.5, forS: 60, outcome: 'stop' } as const;
    const openWith = (trafficS: number, guards: Policy['guards'] = [guard]) =>
      open(
        testPlanView({
          traffic,
          policy: { ...testPlanView().policy, guards },
          figureIntervals: { trafficS, probeS: 10 },
        }),
      );
    const minutely = await openWith(60);
    expect(
      minutely.dialog.getByText(/^Its figures can be 2 min 30 s old: .* at least 210 s\.$/),
    ).toBeTruthy();
    cleanup();
    // A guard that is added has a duration that is long enough, too.
    const others = guardMeasures.filter((measure) => measure !== 'errorsAboveCvm');
    const added = await openWith(
      300,
      others.map((measure) => ({ ...guard, measure, forS: 600 })),
    );
    fireEvent.click(added.dialog.getByRole('button', { name: 'Add a guard: Errors above the CVM side' }));
    const label = 'Errors above the CVM side: duration in seconds';
    expect(added.dialog.getByLabelText<HTMLInputElement>(label).value).toBe('450');
    cleanup();
    const { asked, dialog, submit } = await openWith(600);
    expect(
      dialog.getByText(/^Its figures can be 11 min 30 s old: .* after 12 min 30 s at the earliest\.$/),
    ).toBeTruthy();
    submit();
    await waitFor(() => expect(asked).toHaveLength(1));
    expect(asked[0]?.cutover?.guards).toEqual([{ ...guard, forS: 600 }]);
  });

  it('shows that the lag is not measured yet', async () => {
    const { dialog } = await open();
    expect(dialog.getByText(/The run measures how far monitoring is behind\./)).toBeTruthy();
  });

  /** The checks warn of a draft if the plan is rolled back, and block it if it stays. */
  const checkBoth = () => {
    const later = testPlanView().findings.filter(({ check }) => check === 'overlap');
    const values = {
      id: 'R-0007',
      name: 'Night sale',
      object: 'flash.example.co.id',
      state: 'scheduled',
      from: '2027-12-12 00:00 UTC',
      until: '2027-12-12 02:00 UTC',
      known: 'yes',
    };
    const stays = ({ t1 }: Reads['plan.check']['input']) => t1 === undefined;
    checked = (clock) =>
      later.map((finding) =>
        stays(clock)
          ? { ...finding, status: 'block', why: 'overlap.runThen', values, objects: ['R-0007'] }
          : { ...finding, status: 'warn', why: 'overlap.draft', values, objects: ['P-0007'] },
      );
  };

  it('shows the findings at the chosen times before confirmation', async () => {
    checkBoth();
    const { dialog, pick } = await open();
    expect(await dialog.findByText('More findings at these times')).toBeTruthy();
    await pick('After T0', 'Keep in effect');
    expect(await dialog.findByText('A check blocks the plan at these times')).toBeTruthy();
    expect(dialog.getByText('Run R-0007', { exact: false }).textContent).toContain('“Night sale”');
  });

  it('shows that the chosen times are being checked, and no findings of other times', async () => {
    checkBoth();
    const { dialog, pick } = await open();
    await dialog.findByText('More findings at these times');
    const server = globalThis.fetch;
    let answer = () => {};
    const stopped = new Promise<void>((resolve) => {
      answer = resolve;
    });
    globalThis.fetch = async (...request) => {
      await stopped;
      return server(...request);
    };
    await pick('After T0', 'Keep in effect');
    expect((await dialog.findByText('Checking these times')).getAttribute('aria-busy')).toBe('true');
    expect(dialog.queryByText('More findings at these times')).toBeNull();
    answer();
    expect(await dialog.findByText('A check blocks the plan at these times')).toBeTruthy();
    expect(dialog.queryByText('Checking these times')).toBeNull();
  });

  it('reports that the checks at the chosen times could not be read', async () => {
    globalThis.fetch = async () => new Response('', { status: 500 });
    const { dialog } = await open();
    expect(await dialog.findByText(/The checks at these times can't be read now/)).toBeTruthy();
  });

  it('sends nothing while a field is invalid, and shows the error at the field', async () => {
    const { asked, dialog, type, submit } = await open();
    type('Prewarm before T0', 'a while');
    type('T0, divert: date', '');
    type('Slowest probe: limit', '');
    submit();
    expect(dialog.getByLabelText('Prewarm before T0').getAttribute('aria-invalid')).toBe('true');
    expect(dialog.getByText('Enter a duration such as “5 min” or “90 s”.')).toBeTruthy();
    expect(dialog.getByText('Enter a valid date and time.')).toBeTruthy();
    expect(dialog.getByText('Enter a limit from 0 to 1,000,000.')).toBeTruthy();
    expect(asked).toEqual([]);
  });

  it.each([
    ['cutover.t0', 't0.past', 'T0 has passed.'],
    ['cutover.t0', 't0.frozen', 'A change freeze covers this time.'],
    ['cutover.t1', 't1.tooSoon', 'The divert phase ends after this time.'],
    ['cutover.prewarmS', 'prewarm.past', 'Prewarm would already have started.'],
    ['cutover.prewarmS', 'prewarm.tooShort', 'The prewarm steps are forecast to take longer'],
  ])('shows the server error of %s: %s', async (field, key, words) => {
    const { dialog, submit, visited } = await open(
      testPlanView(),
      err({ fields: { [field]: [key] }, form: null }),
    );
    submit();
    expect((await dialog.findByRole('alert')).textContent).toContain('The plan was not scheduled.');
    expect(dialog.getByText(new RegExp(words))).toBeTruthy();
    expect(visited).toEqual([]);
  });

  it.each([
    ['plan.frozen', { freeze: 'Settlement' }, 'The change freeze “Settlement”'],
    [
      'emergencyStop.stopped',
      { actor: 'sari', reason: 'Odd answers' },
      'sari has paused all changes: Odd answers',
    ],
    ['run.overlap', { run: 'R-0007', object: 'flash.example.co.id' }, 'now or at that time'],
  ])('shows the rejection %s', async (message, values, words) => {
    const { dialog, submit } = await open(testPlanView(), err({ fields: {}, form: { message, values } }));
    submit();
    expect((await dialog.findByRole('alert')).textContent).toContain(words);
  });

  it('shows a rejection that arrives after the page was left as a notice', async () => {
    const blocked = { message: 'plan.blocked', values: { count: 1, check: 'function-type' } };
    let reject = () => {};
    const answer: ReturnType<ApplyPlanAction> = new Promise((resolve) => {
      reject = () => resolve(err({ fields: {}, form: blocked }));
    });
    document.title = 'P-0001 · Spillway';
    const { submit, visited } = await open(testPlanView(), answer);
    submit();
    startNavigation('/schedule', 'push');
    reject();
    expect(
      await screen.findByText(/^P-0001 · Spillway: Nothing was done. The check “.+” blocks this plan/),
    ).toBeTruthy();
    expect(screen.queryByText(/function-type/)).toBeNull();
    expect(visited).toEqual([]);
  });

  it('warns of a change freeze before anything is sent', async () => {
    const span = { kind: 'daily', fromMinute: 0, toMinute: 1439, zone: 'UTC' } as const;
    freezes = [{ id: 1, name: 'All day', span }];
    const { dialog, asked } = await open();
    expect(await dialog.findByText('T0 is in a change freeze: All day')).toBeTruthy();
    expect(asked).toEqual([]);
  });

  it('requires the domain to be typed on a real account', async () => {
    const connection = { ...testPlanView().connection, kind: 'tencent' } as const;
    const { asked, dialog, type, submit } = await open(testPlanView({ connection }));
    expect(dialog.getByRole('button', { name: 'Schedule plan' }).hasAttribute('disabled')).toBe(true);
    type('Type flash.example.co.id to confirm', 'Flash.example.co.id');
    submit();
    await waitFor(() => expect(asked[0]?.typedDomain).toBe('flash.example.co.id'));
  });

  it('is disabled for the same reasons as Apply', () => {
    const estate = testEstate({ functions: [testFunction({ type: 'HTTP' })] });
    renderPage(
      <PlanReview
        {...noApprovals}
        view={testPlanView({}, estate)}
        applyPlan={async () => ok({ runId: RunId.parse('r-1') })}
      />,
    );
    const schedule = screen.getByRole('button', { name: 'Schedule plan' });
    expect(schedule.hasAttribute('disabled')).toBe(true);
    const reason = document.getElementById(schedule.getAttribute('aria-describedby') ?? '');
    expect(reason?.textContent).toContain('Fix 1 blocker');
  });
});
