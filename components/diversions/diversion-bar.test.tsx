// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { listPageActions } from '@/components/shell/palette/page-actions';
import type { DiscardDiversionAction, DiversionView, RestoreDiversionAction } from '@/lib/contract/diversion';
import type { CancelScheduleAction } from '@/lib/contract/run';
import { DiversionId } from '@/lib/diversion/diversion';
import { PlanId } from '@/lib/plan/model/model';
import { err, ok } from '@/lib/result';
import { RunId } from '@/lib/run/model/run-id';
import { testDiversionView } from '@/testing/components/test-diversion-view';
import { renderPage } from '@/testing/components/test-page';
import { testRevision } from '@/testing/components/test-revision';
import { DiversionBar } from './diversion-bar';

afterEach(cleanup);

const first = testRevision({ state: 'superseded' });
const second = testRevision({ planId: PlanId.parse('P-0002'), number: 2 });
const id = DiversionId.parse('D-0001');

const view = (change: Partial<DiversionView> = {}) =>
  testDiversionView({ domains: [], revisions: [second, first], current: second, newest: second, ...change });

const open = (
  diversion = view(),
  shown = second,
  discard: DiscardDiversionAction = never,
  cancel: CancelScheduleAction = never,
  undo: RestoreDiversionAction = restore,
) =>
  renderPage(
    <DiversionBar
      diversion={diversion}
      tab="plan"
      revision={shown}
      duplicateDiversion={async () => ok({ diversionId: DiversionId.parse('D-0002') })}
      discardDiversion={discard}
      restoreDiversion={undo}
      cancelSchedule={cancel}
    />,
  );
const restored: unknown[] = [];
const restore: RestoreDiversionAction = async (input) => {
  restored.push(input);
  return ok(null);
};
const never = () => Promise.reject(new Error('nothing is discarded here'));

describe('the head of a diversion', () => {
  it('shows its state, with tabs for plan, run and activity', () => {
    const ran = { ...second, runId: RunId.parse('R-0003'), runState: 'done' } as const;
    open(view({ state: 'inEffect', revisions: [ran, first], current: ran, newest: ran }), ran);
    expect(screen.getByText('In effect')).toBeTruthy();
    const tabs = within(screen.getByRole('navigation', { name: 'Diversion' }));
    expect(tabs.getAllByRole('link').map((link) => link.getAttribute('href'))).toEqual([
      ...['/plans/P-0002', '/runs/R-0003', '/diversions/D-0001'],
    ]);
    expect(tabs.getByRole('link', { name: 'Plan' }).getAttribute('aria-current')).toBe('page');
    // It is in effect, so it can't be discarded.
    expect(screen.queryByRole('button', { name: 'Discard' })).toBeNull();
  });

  it('names the revision that supersedes the shown one', () => {
    open(view(), first);
    expect(screen.getByText(/This revision is superseded by/).textContent).toContain('P-0002');
    expect(screen.getByText('Run').getAttribute('aria-disabled')).toBe('true');
  });

  it('opens it, or a copy of it, in the editor', async () => {
    const { visited } = open();
    expect(screen.getByRole('link', { name: 'Edit' }).getAttribute('href')).toBe(
      '/diversions/new?connection=test&diversion=D-0001',
    );
    fireEvent.click(screen.getByRole('button', { name: 'Duplicate' }));
    await waitFor(() => expect(visited).toEqual(['/diversions/new?connection=test&diversion=D-0002']));
  });

  it('offers to undo a discard, and restores it', async () => {
    const { refreshes } = open(view(), second, async () => ok(null));
    fireEvent.click(screen.getByRole('button', { name: 'Discard' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Discard D-0001?' }));
    fireEvent.click(dialog.getByRole('button', { name: /^Discard/ }));
    fireEvent.click(await screen.findByRole('button', { name: 'Undo' }));
    expect(await screen.findByText('Undone.')).toBeTruthy();
    expect(restored).toEqual([{ diversionId: id }]);
    expect(refreshes()).toBe(2);
  });

  it('marks the notice of an undo without an answer as a failure', async () => {
    open(view(), second, async () => ok(null), never, never);
    fireEvent.click(screen.getByRole('button', { name: 'Discard' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Discard D-0001?' }));
    fireEvent.click(dialog.getByRole('button', { name: /^Discard/ }));
    fireEvent.click(await screen.findByRole('button', { name: 'Undo' }));
    const notice = (await screen.findByText(/unknown whether this was undone/)).closest('[role=dialog]');
    expect(notice?.querySelector('.lucide-circle-x')).toBeTruthy();
  });

  it('does not offer to undo the discard of a Switch’s diversion', async () => {
    open(view({ kind: 'switch' }), second, async () => ok(null));
    fireEvent.click(screen.getByRole('button', { name: 'Discard' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Discard D-0001?' }));
    fireEvent.click(dialog.getByRole('button', { name: /^Discard/ }));
    expect(await screen.findByText('D-0001 is discarded.')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull();
  });

  it('discards it after confirmation, and shows why it could not be', async () => {
    open(view(), second, async () =>
      err({
        fields: {},
        form: { message: 'diversion.hasRun', values: { diversion: id, run: 'R-1' } },
      }),
    );
    fireEvent.click(screen.getByRole('button', { name: 'Discard' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Discard D-0001?' }));
    fireEvent.click(dialog.getByRole('button', { name: 'Discard diversion' }));
    expect((await dialog.findByRole('alert')).textContent).toContain(
      'R-1 of D-0001 is scheduled, running or in effect.',
    );
  });

  it('offers no other times while an account is not connected, with the reason in the palette', () => {
    const runId = RunId.parse('R-0003');
    const waiting = { ...second, runId, runState: 'scheduled', isBegun: false, state: 'scheduled' } as const;
    const disconnected = ['niaga (test)'];
    open(view({ state: 'scheduled', current: waiting, newest: waiting, disconnected }), waiting);
    expect(screen.queryByRole('link', { name: 'Reschedule' })).toBeNull();
    const whyNot = new Map(listPageActions().map((action) => [action.id, action.whyNot]));
    expect(whyNot.get('reschedule')).toBe(
      'Not connected: niaga (test). Start the worker with the keys of each of these accounts first.',
    );
    expect(whyNot.get('cancelSchedule')).toBeNull();
  });

  it('offers other times for a run that has not begun, and cancels its schedule with a reason', async () => {
    const runId = RunId.parse('R-0003');
    const waiting = { ...second, runId, runState: 'scheduled', isBegun: false, state: 'scheduled' } as const;
    const asked: unknown[] = [];
    open(view({ state: 'scheduled', current: waiting, newest: waiting }), waiting, never, async (input) => {
      asked.push(input);
      return input.reason === '' ? err({ fields: { reason: ['reason.missing'] }, form: null }) : ok(null);
    });
    expect(screen.getByRole('link', { name: 'Reschedule' }).getAttribute('href')).toBe(
      '/plans/P-0002?reschedule',
    );
    fireEvent.click(screen.getByRole('button', { name: 'Cancel schedule' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Cancel the schedule of R-0003?' }));
    fireEvent.click(dialog.getByRole('button', { name: 'Cancel schedule' }));
    expect(await dialog.findByText('Enter a reason. Others will read it.')).toBeTruthy();
    fireEvent.change(dialog.getByLabelText('Reason'), { target: { value: 'Stock is late' } });
    fireEvent.click(dialog.getByRole('button', { name: 'Cancel schedule' }));
    await waitFor(() => expect(asked.at(-1)).toEqual({ runId, reason: 'Stock is late' }));
  });

  it('offers neither after the run has begun', () => {
    const begun = { ...second, runId: RunId.parse('R-0003'), runState: 'ready', state: 'running' } as const;
    open(view({ state: 'running', current: begun, newest: begun }), begun);
    expect(screen.queryByRole('link', { name: 'Reschedule' })).toBeNull();
    expect(screen.queryByRole('button', { name: 'Cancel schedule' })).toBeNull();
  });
});
