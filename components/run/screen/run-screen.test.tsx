// @vitest-environment happy-dom

import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MoreMenu } from '@/components/shell/palette/more-menu';
import { listPageActions } from '@/components/shell/palette/page-actions';
import type { CommandRunAction, ReplanRunAction, RunPageView } from '@/lib/contract/run';
import { PlanId, StepId } from '@/lib/plan/model/model';
import { err, ok } from '@/lib/result';
import type { StepView, StopReason } from '@/lib/run/model/model';
import { answerRunPage } from '@/testing/components/test-charts';
import { renderPage } from '@/testing/components/test-page';
import { testRunPlan as plan, testRun, testView } from '@/testing/components/test-run';
import { outlineSteps } from './outline-steps';
import { RunScreen } from './run-screen';

const at = '2026-12-11T15:00:05.000Z';

const views = (steps: typeof plan.steps, done: number): StepView[] =>
  steps.map((step, index) =>
    index < done
      ? testView(step, 'done', {
          startedAt: at,
          durationMs: 1200,
          requestIds: step.kind === 'write' ? [`4b0e1d6c-${step.id}`] : [],
          outcome: 'applied',
          attempts: 1,
        })
      : testView(step, 'todo'),
  );

const buildRun = (change: Partial<RunPageView>, done: number): RunPageView =>
  testRun({ apply: views(plan.steps, done), ...change });

const stopped = (reason: StopReason, done: number) =>
  buildRun({ state: 'stopped', stopped: { at, stepId: StepId.parse('s4'), reason } }, done);

/** The response of `run.get`. */
let answer: RunPageView;
beforeEach(() => {
  vi.stubGlobal(
    'fetch',
    answerRunPage(() => answer),
  );
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function open(
  run: RunPageView,
  commandRun: CommandRunAction = async () => ok(null),
  replanRun: ReplanRunAction = async () => ok({ planId: PlanId.parse('p-2') }),
  tab: 'now' | 'changes' = 'now',
) {
  answer = run;
  return renderPage(
    <RunScreen
      tab={tab}
      commands={<MoreMenu />}
      initial={run}
      outline={outlineSteps(run.plan)}
      commandRun={commandRun}
      replanRun={replanRun}
    />,
  );
}

const openChanges = (run: RunPageView) => open(run, undefined, undefined, 'changes');

/** Opens the menu of less frequent commands and presses one. */
async function choose(command: string) {
  fireEvent.click(screen.getByRole('button', { name: 'More commands' }));
  fireEvent.click(await screen.findByRole('menuitem', { name: command }));
}

/** Presses a command, types a reason, and confirms it. */
async function sendCommand(command: string, confirm: string, reason = '') {
  const button = screen.queryByRole('button', { name: command });
  if (button === null) await choose(command);
  else fireEvent.click(button);
  const dialog = within(await screen.findByRole('dialog'));
  fireEvent.change(dialog.getByLabelText('Reason (optional)'), { target: { value: reason } });
  fireEvent.click(dialog.getByRole('button', { name: confirm }));
}

describe('the run page', () => {
  it('says first where the traffic is, and that a blocked rollback is tried again', () => {
    open(buildRun({ state: 'applying' }, plan.steps.length));
    expect(screen.getByText('100 % of 1 name is on the function.')).toBeTruthy();
    cleanup();
    const blocked = {
      stepId: StepId.parse('s4'),
      cause: null,
      tries: 2,
    } as unknown as RunPageView['blocked'];
    open({ ...stopped({ kind: 'internal', message: 'x' }, 3), blocked });
    expect(
      screen.getByText(/The cloud refuses the rollback, which is tried again every 30 s\./),
    ).toBeTruthy();
    cleanup();
    open(buildRun({ state: 'closed', isCanceled: true, endedAt: at }, 0));
    expect(screen.getByText(/The run was canceled before it started\. Nothing was changed\./)).toBeTruthy();
  });

  it('shows the weight that DNSPod kept in a rollback', () => {
    const [first, ...rest] = plan.rollback;
    if (first === undefined) throw new Error('the plan has a rollback');
    const kept = [{ type: 'A', value: '192.0.2.7', weight: 90 }];
    const rollback = [
      testView(first, 'done', { outcome: 'kept', keptWeights: kept }),
      ...rest.map((step) => testView(step, 'done', { outcome: 'applied' })),
    ];
    openChanges(
      testRun({ state: 'rolledBack', direction: 'rollback', apply: views(plan.steps, 99), rollback }),
    );
    expect(
      screen.getByText('DNSPod keeps weight 90 on A 192.0.2.7. Its share of answers is unchanged.'),
    ).toBeDefined();
    expect(screen.getByText(/^Traffic is shared as before\./)).toBeDefined();
  });

  it('shows the state of the run, and each step with its request id', () => {
    openChanges(buildRun({ state: 'done', endedAt: at }, plan.steps.length));
    expect(screen.getByRole('status').textContent).toContain('In effect');
    expect(screen.getByText('6 of 6 done, 7.2 s in total')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Copy 4b0e1d6c-s1' })).toBeTruthy();
    expect(screen.getByRole('img', { name: /Durations of 6 steps: 7.2 s in total/ })).toBeTruthy();
  });

  it('leaves out steps of its plan that it will not run, and numbers the others', () => {
    const writes = plan.steps.filter((step) => step.kind === 'write');
    openChanges(testRun({ apply: views(writes.slice(1), 0) }));
    const steps = within(screen.getByRole('region', { name: 'Steps' })).getAllByRole('listitem');
    expect(steps).toHaveLength(writes.length - 1);
    expect(steps[0]?.textContent).toMatch(/^1pendingBind flash/);
  });

  it('shows an acknowledged outage instead of plain success, and what fails', () => {
    const acknowledged = [
      {
        finding: 'still-served.noListener',
        domain: 'flash.example.co.id',
        loss: 'HTTPS:443 lb-scf',
      } as const,
    ];
    const withOutage = { ...plan, diversion: { ...plan.diversion, acknowledged } };
    open(buildRun({ state: 'done', endedAt: at, plan: withOutage }, plan.steps.length));
    expect(screen.getByRole('status').textContent).toContain('Applied with acknowledged outage');
    expect(screen.queryByText('In effect')).toBeNull();
    expect(screen.getByText('flash.example.co.id: Ports and paths, HTTPS:443 lb-scf')).toBeTruthy();
  });

  it('shows what another actor changed, and what is currently in effect', async () => {
    const step = plan.steps[3];
    if (step?.kind !== 'write') throw new Error('the fourth step moves DNS');
    const record = { type: 'A', value: '203.0.113.9', ttlS: 600, weight: null, enabled: true };
    const found = { kind: 'recordSet', records: [record] } as const;
    openChanges(
      stopped(
        { kind: 'drift', object: step.object, expected: step.before, found: { ...found, records: [record] } },
        3,
      ),
    );
    const banner = within(await screen.findByRole('alert'));
    expect(banner.getByText('Someone else changed the records of flash.example.co.id.')).toBeTruthy();
    expect(banner.getByText('A 127.77.1.1, TTL 60 s, on')).toBeTruthy();
    expect(banner.getByText('A 203.0.113.9, TTL 600 s, on')).toBeTruthy();
    const effects = within(screen.getByRole('region', { name: 'Changes in effect' }));
    expect(effects.getAllByRole('listitem').map((item) => item.textContent)).toEqual([
      'Create rule flash.example.co.id/ on lbl-lb-scf of lb-scf',
      'Bind flash/storefront:1 to flash.example.co.id/ on lbl-lb-scf of lb-scf',
      'Move flash.example.co.id from A 127.77.1.1 to A 127.77.1.2',
    ]);
  });

  it('shows code, message and request id of a call that the cloud rejected', async () => {
    const error = {
      code: 'FailedOperation.ResourceInOperating',
      message: 'Another task is in progress.',
      requestId: 'b1946ac9',
      action: 'RegisterFunctionTargets',
      region: 'ap-singapore',
      mayHaveHappened: false,
      advice: 'giveUp',
    } as const;
    open(stopped({ kind: 'cloudError', error, settled: true }, 1));
    const banner = within(await screen.findByRole('alert'));
    for (const text of [error.code, error.message, error.requestId, 'The call had no effect.']) {
      expect(banner.getByText(text)).toBeTruthy();
    }
  });

  it('rolls back only after showing the changes to undo', async () => {
    const given: string[] = [];
    open(buildRun({ state: 'done', endedAt: at }, plan.steps.length), async ({ command }) => {
      given.push(command);
      answer = buildRun({ state: 'rollingBack', direction: 'rollback' }, plan.steps.length);
      return ok(null);
    });
    expect(listPageActions().map(({ label }) => label)).toEqual(['Roll back']);
    fireEvent.click(screen.getByRole('button', { name: 'Roll back' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Roll back this run?' }));
    expect(dialog.getByText(/^1 name: 100 % on the function now, then as before\./)).toBeTruthy();
    fireEvent.click(dialog.getByText('3 steps'));
    expect(dialog.getAllByRole('listitem').map((item) => item.textContent)).toEqual([
      'Move flash.example.co.id from A 127.77.1.2 to A 127.77.1.1',
      'Unbind flash/storefront:1 from flash.example.co.id/ on lbl-lb-scf of lb-scf',
      'Delete rule flash.example.co.id/ on lbl-lb-scf of lb-scf',
    ]);
    expect(given).toEqual([]);
    fireEvent.click(dialog.getByRole('button', { name: 'Roll back run' }));
    await waitFor(() => expect(screen.getByRole('status').textContent).toContain('Rolling back'));
    expect(given).toEqual(['rollback']);
  });

  it('shows why a command was not accepted', async () => {
    open(stopped({ kind: 'internal', message: 'x' }, 3), async () =>
      err({ fields: {}, form: { message: 'run.cannot.continue', values: { run: 'r-1', state: 'closed' } } }),
    );
    await sendCommand('Continue', 'Continue run');
    expect(
      await screen.findByText(
        /The command was not accepted\. Run r-1 can't be continued. Its state: Left as is\./,
      ),
    ).toBeTruthy();
  });

  it('reports that it is unknown whether a command was accepted when no response arrives', async () => {
    open(stopped({ kind: 'internal', message: 'x' }, 3), () => Promise.reject(new Error('fetch failed')));
    await sendCommand('Continue', 'Continue run');
    expect((await screen.findByText(/it is unknown whether Continue was accepted/)).role).toBe('alert');
    expect(screen.getByRole('button', { name: 'Continue' }).getAttribute('aria-busy')).toBeNull();
  });

  it('leaves a run as is only after showing what stays applied', async () => {
    const given: string[] = [];
    open(stopped({ kind: 'internal', message: 'x' }, 3), async ({ command }) => {
      given.push(command);
      answer = buildRun(
        { state: 'closed', endedAt: at, stoppedBy: { at, actor: 'local', reason: 'gone', isStop: false } },
        3,
      );
      return ok(null);
    });
    await choose('Leave as is');
    const dialog = within(await screen.findByRole('dialog', { name: 'Leave this run as is?' }));
    expect(dialog.getAllByRole('listitem').map((item) => item.textContent)).toEqual([
      'Create rule flash.example.co.id/ on lbl-lb-scf of lb-scf',
      'Bind flash/storefront:1 to flash.example.co.id/ on lbl-lb-scf of lb-scf',
    ]);
    expect(given).toEqual([]);
    fireEvent.click(dialog.getByRole('button', { name: 'Leave run as is' }));
    await waitFor(() => expect(screen.getByRole('status').textContent).toContain('Left as is'));
    expect(given).toEqual(['leaveAsIs']);
    expect(listPageActions().map(({ label }) => label)).toEqual(['Roll back']);
    expect(await screen.findByText('“gone”')).toBeTruthy();
  });

  it('requires the moved domain to be typed before it retries on a real account', async () => {
    const given: unknown[] = [];
    const run = stopped({ kind: 'internal', message: 'x' }, 3);
    open({ ...run, connectionKind: 'tencent' }, async (input) => {
      given.push(input);
      return ok(null);
    });
    fireEvent.click(screen.getByRole('button', { name: 'Continue' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Continue this run?' }));
    const retry = dialog.getByRole('button', { name: 'Continue run' });
    expect(retry.hasAttribute('disabled')).toBe(true);
    fireEvent.change(dialog.getByLabelText('Type flash.example.co.id to confirm'), {
      target: { value: 'Flash.example.co.id ' },
    });
    fireEvent.click(retry);
    await waitFor(() =>
      expect(given).toEqual([
        { runId: 'r-1', command: 'continue', reason: '', typedDomain: 'flash.example.co.id' },
      ]),
    );
  });

  it('sends a command with its reason, and waits until it is accepted', async () => {
    const given: unknown[] = [];
    open(buildRun({}, 2), async (input) => {
      given.push(input);
      answer = buildRun(
        { state: 'paused', stoppedBy: { at, actor: 'local', reason: 'checkout is slow', isStop: false } },
        2,
      );
      return ok(null);
    });
    await sendCommand('Pause', 'Pause run', ' checkout is slow ');
    await waitFor(() => expect(screen.getByRole('status').textContent).toContain('Paused'));
    expect(given).toEqual([
      { runId: 'r-1', command: 'pause', reason: 'checkout is slow', typedDomain: null },
    ]);
    const notice = await screen.findByText(/^local paused the run/);
    expect(notice.parentElement?.textContent).toContain('checkout is slow');
    expect(screen.getByRole('button', { name: 'Continue' }).hasAttribute('disabled')).toBe(false);
  });

  it('polls faster while a command is pending, so that its effect is shown without a push', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    try {
      open(stopped({ kind: 'internal', message: 'x' }, 3));
      await sendCommand('Continue', 'Continue run');
      const retry = screen.getByRole('button', { name: 'Continue' });
      await waitFor(() => expect(retry.getAttribute('aria-busy')).toBe('true'));
      await vi.advanceTimersByTimeAsync(4_000);
      answer = buildRun({ state: 'applying' }, 3);
      await vi.advanceTimersByTimeAsync(5_000);
      expect(screen.getByRole('status').textContent).toContain('Applying');
    } finally {
      vi.useRealTimers();
    }
  });

  it('links from a stopped run to its new plan', async () => {
    const asked: unknown[] = [];
    const { visited } = open(stopped({ kind: 'internal', message: 'x' }, 3), undefined, async (input) => {
      asked.push(input);
      return ok({ planId: PlanId.parse('p-2') });
    });
    await sendCommand('Re-plan', 'Re-plan run', 'other listener');
    await waitFor(() => expect(visited).toEqual(['/plans/p-2']));
    expect(asked).toEqual([{ runId: 'r-1', reason: 'other listener' }]);
  });

  it('opens an enabled command by key, but not twice', async () => {
    open(buildRun({ state: 'diverted' }, plan.steps.length));
    fireEvent.keyDown(document.body, { key: 'R', shiftKey: true });
    const dialog = await screen.findByRole('dialog', { name: 'Roll back this run?' });
    fireEvent.keyDown(within(dialog).getByRole('button', { name: 'Keep changes' }), { key: 'p' });
    expect(screen.getAllByRole('dialog')).toHaveLength(1);
    cleanup();
    open(buildRun({ state: 'done' }, plan.steps.length));
    fireEvent.keyDown(document.body, { key: 'p' });
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});

it('shows when details of an old run were removed, and by which setting', () => {
  open(buildRun({ state: 'rolledBack', prunedAt: '2027-03-12T02:00:00.000Z' }, 6));
  expect(screen.getByText(/Old details of this run were removed at/)).toBeTruthy();
  expect(screen.getByText(/SPILLWAY_JOURNAL_DAYS sets how long details are kept/)).toBeTruthy();
});
