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
import { DiversionHeadCommands, DiversionNotes, DiversionTabs } from './diversion-bar';

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
    <>
      <DiversionNotes diversion={diversion} revision={shown} />
      <DiversionTabs diversion={diversion} revision={shown} tab="changes" shown={{ plan: shown.planId }} />
      <DiversionHeadCommands
        diversion={diversion}
        revision={shown}
        showsPlan={false}
        duplicateDiversion={async () => ok({ diversionId: DiversionId.parse('D-0002') })}
        discardDiversion={discard}
        restoreDiversion={undo}
        cancelSchedule={cancel}
      />
    </>,
  );
const listMenu = async () => {
  fireEvent.click(screen.getByRole('button', { name: 'More commands' }));
  return (await screen.findAllByRole('menuitem')).map(({ textContent }) => textContent);
};
const choose = async (name: string) => {
  await listMenu();
  fireEvent.click(screen.getByRole('menuitem', { name }));
};
const restored: unknown[] = [];
const restore: RestoreDiversionAction = async (input) => {
  restored.push(input);
  return ok(null);
};
const never = () => Promise.reject(new Error('nothing is discarded here'));

describe('the head of a diversion', () => {
  it('keeps the plan that is shown from tab to tab', () => {
    open();
    const tabs = within(screen.getByRole('navigation', { name: 'Diversion' }));
    expect(tabs.getAllByRole('link').map((link) => link.getAttribute('href'))).toEqual([
      '/diversions/D-0001?plan=P-0002',
      '/diversions/D-0001?plan=P-0002&tab=changes',
      '/diversions/D-0001?plan=P-0002&tab=activity',
    ]);
    expect(tabs.getByRole('link', { name: 'Changes' }).getAttribute('aria-current')).toBe('page');
  });

  it('can’t be discarded while it is in effect', async () => {
    const ran = { ...second, runId: RunId.parse('R-0003'), runState: 'done' } as const;
    open(view({ state: 'inEffect', revisions: [ran, first], current: ran, newest: ran }), ran);
    expect(await listMenu()).toEqual(['Edit', 'Repeat', 'Duplicate']);
  });

  it('names the revision that supersedes the shown one', () => {
    open(view(), first);
    expect(screen.getByText(/This revision is superseded by/).textContent).toContain('P-0002');
  });

  it('opens it, or a copy of it, in the editor', async () => {
    const { visited } = open();
    expect(screen.getByRole('link', { name: 'Edit' }).getAttribute('href')).toBe(
      '/diversions/new?connection=test&diversion=D-0001',
    );
    await choose('Duplicate');
    await waitFor(() => expect(visited).toEqual(['/diversions/new?connection=test&diversion=D-0002']));
  });

  it('offers to undo a discard, and restores it', async () => {
    const { refreshes } = open(view(), second, async () => ok(null));
    await choose('Discard');
    const dialog = within(await screen.findByRole('dialog', { name: 'Discard D-0001?' }));
    fireEvent.click(dialog.getByRole('button', { name: /^Discard/ }));
    fireEvent.click(await screen.findByRole('button', { name: 'Undo' }));
    expect(await screen.findByText('Undone.')).toBeTruthy();
    expect(restored).toEqual([{ diversionId: id }]);
    expect(refreshes()).toBe(2);
  });

  it('marks the notice of an undo without an answer as a failure', async () => {
    open(view(), second, async () => ok(null), never, never);
    await choose('Discard');
    const dialog = within(await screen.findByRole('dialog', { name: 'Discard D-0001?' }));
    fireEvent.click(dialog.getByRole('button', { name: /^Discard/ }));
    fireEvent.click(await screen.findByRole('button', { name: 'Undo' }));
    const notice = (await screen.findByText(/unknown whether this was undone/)).closest('[role=dialog]');
    expect(notice?.querySelector('.lucide-circle-x')).toBeTruthy();
  });

  it('does not offer to undo the discard of a Switch’s diversion', async () => {
    open(view({ kind: 'switch' }), second, async () => ok(null));
    await choose('Discard');
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
    await choose('Discard');
    const dialog = within(await screen.findByRole('dialog', { name: 'Discard D-0001?' }));
    fireEvent.click(dialog.getByRole('button', { name: 'Discard diversion' }));
    expect((await dialog.findByRole('alert')).textContent).toContain(
      'R-1 of D-0001 is scheduled, running or in effect.',
    );
  });

  it('offers no other times while an account is not connected', async () => {
    const runId = RunId.parse('R-0003');
    const waiting = { ...second, runId, runState: 'scheduled', isBegun: false, state: 'scheduled' } as const;
    const disconnected = ['niaga (test)'];
    open(view({ state: 'scheduled', current: waiting, newest: waiting, disconnected }), waiting);
    expect(screen.getByRole('button', { name: 'Cancel schedule' })).toBeTruthy();
    expect(listPageActions().map(({ label }) => label)).not.toContain('Reschedule');
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
      '/diversions/D-0001?plan=P-0002&reschedule=',
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
