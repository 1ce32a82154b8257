// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { renderPage } from '@/components/plan/test-page';
import type { CommandRunAction } from '@/lib/client/actions';
import { planSplit } from '@/lib/plan/plan-split';
import { testEstate, testSplit } from '@/lib/plan/test-estate';
import { err, ok } from '@/lib/result';
import type { HoldReason, RunView, StepView } from '@/lib/run/model';
import { RunScreen } from './run-screen';

const planned = planSplit({ estate: testEstate(), diversion: testSplit(), keepAliveS: 75 });
if (!planned.ok) throw new Error('the test estate has everything that the Split names');
const plan = planned.value;
const at = '2026-12-11T15:00:05.000Z';

const views = (steps: typeof plan.steps, done: number): StepView[] =>
  steps.map((step, index) => ({
    step,
    state: index < done ? 'done' : 'todo',
    startedAt: index < done ? at : null,
    durationMs: index < done ? 1200 : null,
    requestIds: index < done && step.kind === 'write' ? [`4b0e1d6c-${step.id}`] : [],
    outcome: index < done ? 'applied' : null,
    attempts: 1,
    waitingUntil: null,
    error: null,
    probe: null,
  }));

function runOf(change: Partial<RunView>, done: number): RunView {
  return {
    id: 'r-1',
    planId: 'p-1',
    name: '12.12 flash split',
    connectionId: 'test',
    connectionKind: 'sandbox',
    state: 'applying',
    direction: 'apply',
    actor: 'local',
    startedAt: at,
    endedAt: null,
    apply: views(plan.steps, done),
    revert: views(plan.revert, 0),
    held: null,
    plan,
    ...change,
  };
}

const held = (reason: HoldReason, done: number) =>
  runOf({ state: 'held', held: { at, stepId: 's4', reason } }, done);

/** What GET /api/runs/r-1 answers. */
let answer: RunView;
beforeEach(() => {
  vi.stubGlobal('fetch', async () => Response.json(answer));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function open(run: RunView, commandRun: CommandRunAction = async () => ok(null)) {
  answer = run;
  return renderPage(<RunScreen initial={run} commandRun={commandRun} />);
}

describe('the run page', () => {
  it('shows where the run stands, and each step with its request id', () => {
    open(runOf({ state: 'done', endedAt: at }, plan.steps.length));
    expect(screen.getByRole('status').textContent).toContain('Done');
    expect(screen.getByText('6 of 6 done, 7.2 s in all')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Copy 4b0e1d6c-s1' })).toBeTruthy();
    expect(screen.getByRole('img', { name: /Durations of 6 steps: 7.2 s together/ })).toBeTruthy();
  });

  it('shows what somebody else changed, and what is in effect meanwhile', () => {
    const step = plan.steps[3];
    if (step?.kind !== 'write') throw new Error('the fourth step moves DNS');
    const record = { type: 'A', value: '203.0.113.9', ttlS: 600, weight: null, enabled: true };
    const found = { kind: 'recordSet', records: [record] } as const;
    open(
      held(
        { kind: 'drift', object: step.object, expected: step.before, found: { ...found, records: [record] } },
        3,
      ),
    );
    const banner = within(screen.getByRole('alert'));
    expect(banner.getByText('Somebody else changed the records of flash.example.co.id.')).toBeTruthy();
    expect(banner.getByText('A 127.77.1.1, TTL 60 s, on')).toBeTruthy();
    expect(banner.getByText('A 203.0.113.9, TTL 600 s, on')).toBeTruthy();
    const effects = within(screen.getByRole('region', { name: 'What is in effect' }));
    expect(effects.getAllByRole('listitem').map((item) => item.textContent)).toEqual([
      'Create rule flash.example.co.id/',
      'Bind flash/storefront:1',
      'Move flash.example.co.id from A 127.77.1.1 to A 127.77.1.2',
    ]);
  });

  it('shows code, message and request id of what the cloud refused', () => {
    const error = {
      code: 'FailedOperation.ResourceInOperating',
      message: 'Another task is in progress.',
      requestId: 'b1946ac9',
      action: 'RegisterFunctionTargets',
      region: 'ap-singapore',
      mayHaveHappened: false,
      advice: 'giveUp',
    } as const;
    open(held({ kind: 'cloudError', error, settled: true }, 1));
    const banner = within(screen.getByRole('alert'));
    for (const text of [error.code, error.message, error.requestId, 'The call had no effect.']) {
      expect(banner.getByText(text)).toBeTruthy();
    }
  });

  it('reverts only after it has said what is undone', async () => {
    const given: string[] = [];
    open(runOf({ state: 'done', endedAt: at }, plan.steps.length), async ({ command }) => {
      given.push(command);
      answer = runOf({ state: 'reverting', direction: 'revert' }, plan.steps.length);
      return ok(null);
    });
    expect(screen.getByRole('button', { name: 'Hold' }).hasAttribute('disabled')).toBe(true);
    fireEvent.click(screen.getByRole('button', { name: 'Revert' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Revert this run now?' }));
    expect(dialog.getAllByRole('listitem').map((item) => item.textContent)).toEqual([
      'Move flash.example.co.id from A 127.77.1.1 to A 127.77.1.2',
      'Bind flash/storefront:1',
      'Create rule flash.example.co.id/',
    ]);
    expect(given).toEqual([]);
    fireEvent.click(dialog.getByRole('button', { name: 'Revert now' }));
    await waitFor(() => expect(screen.getByRole('status').textContent).toContain('Reverting'));
    expect(given).toEqual(['revert']);
  });

  it('says why a command was not taken', async () => {
    open(held({ kind: 'asked', actor: 'local' }, 3), async () =>
      err({ fields: {}, form: { message: 'run.otherCommand', values: { run: 'r-1' } } }),
    );
    fireEvent.click(screen.getByRole('button', { name: 'Retry' }));
    expect(await screen.findByText(/The command was not taken\..*another command/)).toBeTruthy();
  });

  it('says that it is not known whether a command was taken when no answer comes', async () => {
    open(held({ kind: 'asked', actor: 'local' }, 3), () => Promise.reject(new Error('fetch failed')));
    fireEvent.click(screen.getByRole('button', { name: 'Retry' }));
    expect((await screen.findByText(/It is not known whether Retry was taken/)).role).toBe('alert');
    expect(screen.getByRole('button', { name: 'Retry' }).getAttribute('aria-busy')).toBeNull();
  });

  it('closes a held run only after it has said what stays applied', async () => {
    const given: string[] = [];
    open(held({ kind: 'asked', actor: 'local' }, 3), async ({ command }) => {
      given.push(command);
      answer = runOf({ state: 'closed', endedAt: at }, 3);
      return ok(null);
    });
    fireEvent.click(screen.getByRole('button', { name: 'Close' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Close this run?' }));
    expect(dialog.getAllByRole('listitem').map((item) => item.textContent)).toEqual([
      'Create rule flash.example.co.id/',
      'Bind flash/storefront:1',
    ]);
    expect(given).toEqual([]);
    fireEvent.click(dialog.getByRole('button', { name: 'Close run' }));
    await waitFor(() => expect(screen.getByRole('status').textContent).toContain('Closed'));
    expect(given).toEqual(['close']);
    expect(screen.queryByRole('button', { name: 'Close' })).toBeNull();
    expect(screen.getByText('The run was closed and ends here.')).toBeTruthy();
    expect(screen.getByRole('region', { name: 'What is in effect' })).toBeTruthy();
  });

  it('wants domain B typed before it retries on a real account', async () => {
    const given: unknown[] = [];
    const run = held({ kind: 'asked', actor: 'local' }, 3);
    open({ ...run, connectionKind: 'tencent' }, async (input) => {
      given.push(input);
      return ok(null);
    });
    fireEvent.click(screen.getByRole('button', { name: 'Retry' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Retry this run now?' }));
    const retry = dialog.getByRole('button', { name: 'Retry now' });
    expect(retry.hasAttribute('disabled')).toBe(true);
    fireEvent.change(dialog.getByLabelText('Type flash.example.co.id to confirm'), {
      target: { value: 'Flash.example.co.id ' },
    });
    fireEvent.click(retry);
    await waitFor(() =>
      expect(given).toEqual([{ runId: 'r-1', command: 'retry', typedDomain: 'flash.example.co.id' }]),
    );
  });
});
