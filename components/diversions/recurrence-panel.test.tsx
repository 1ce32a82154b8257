// @vitest-environment happy-dom

import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import type { DiversionView, OccurrenceView, RecurrenceView } from '@/lib/contract/diversion';
import type { SetRecurrenceAction, StopRecurrenceAction } from '@/lib/contract/recurrence';
import { DiversionId } from '@/lib/diversion/diversion';
import { dueOccurrences, type RecurrenceRule, readStoredRecurrence } from '@/lib/diversion/recurrence';
import { err, ok } from '@/lib/result';
import { choose } from '@/testing/components/test-choose';
import { testDiversionView } from '@/testing/components/test-diversion-view';
import { renderPage } from '@/testing/components/test-page';
import { testConnectionView } from '@/testing/components/test-plan-view';
import { testRevision } from '@/testing/components/test-revision';
import { testRule } from '@/testing/plan/test-recurrence';
import { RecurrencePanel } from './recurrence-panel';

afterEach(cleanup);

const id = DiversionId.parse('D-0012');
const rule: RecurrenceRule = {
  ...testRule({ aheadDays: 3 }),
  startMinute: 1200,
  endMinute: 360,
  endsAfterDays: 1,
};
const occurrences = dueOccurrences(rule, Date.now())
  .map(
    (each, index): OccurrenceView => ({
      ...each,
      diversionId: DiversionId.parse(`D-10${index}`),
      state: 'scheduled',
      runId: null,
      problems: [],
      isReplaceable: true,
      isCurrent: true,
    }),
  )
  .toReversed();
const recurrence: RecurrenceView = {
  rule,
  problem: null,
  setBy: 'sari',
  setAt: '2026-12-11T15:00:00.000Z',
  stopped: null,
  occurrences,
  waitsFor: null,
};

const view = (change: Partial<DiversionView> = {}) => testDiversionView({ id, ...change });

const sent: unknown[] = [];
const setRecurrence: SetRecurrenceAction = async (input) => {
  sent.push(input);
  return ok(null);
};
const stopRecurrence: StopRecurrenceAction = async (input) => {
  sent.push(input);
  return ok(null);
};
const open = (diversion: DiversionView, set = setRecurrence) =>
  renderPage(<RecurrencePanel {...{ diversion, stopRecurrence }} setRecurrence={set} />);
const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }));
const type = (name: string, value: string) =>
  fireEvent.change(screen.getByLabelText(name), { target: { value } });
const next = () => within(screen.getByRole('region', { name: 'Next occurrences' })).getAllByRole('listitem');

it('says what is damaged of a stored rule, and offers to change it', async () => {
  const damaged = { ...recurrence, ...readStoredRecurrence({ ...rule, zone: 'Mars/Base', days: 'always' }) };
  open(view({ recurrence: damaged, newest: testRevision() }));
  expect(screen.getByText(/is damaged \(rule.days, rule.zone\): no occurrence is created/)).toBeTruthy();
  expect(screen.getAllByRole('row')).toHaveLength(occurrences.length + 1);
  press('Change recurrence');
  type('Reason', 'damaged');
  const submit = within(screen.getByRole('dialog')).getByRole('button', { name: 'Change recurrence' });
  fireEvent.click(submit);
  await waitFor(() => expect(sent).toMatchObject([{ diversionId: id, rule: { days: { kind: 'daily' } } }]));
  sent.length = 0;
});

it('names what an ended occurrence has left in effect, and what to do', () => {
  const waitsFor = { diversionId: DiversionId.parse('D-0009'), left: ['flash.example.co.id', 'a rule'] };
  open(view({ recurrence: { ...recurrence, waitsFor } }));
  expect(
    screen.getByText(/has ended, and its changes are in effect: flash.example.co.id, a rule/),
  ).toBeTruthy();
  expect(screen.getByRole('link', { name: 'D-0009' })).toBeTruthy();
});

describe('the form of a recurrence', () => {
  it('previews the next five occurrences in the zone of the rule, and sends the rule', async () => {
    open(view());
    press('Repeat');
    expect(next()).toHaveLength(5);
    expect(next()[0]?.textContent).toMatch(/20:00:00.* to .*06:00:00/);
    await choose(within(document.body), 'Ends', 'After a number');
    type('Number of occurrences', '3');
    expect(next()).toHaveLength(3);
    fireEvent.click(screen.getByRole('radio', { name: 'Days of the month' }));
    type('Dates of the month', '12, 28');
    await choose(within(document.body), 'In a month without that day', 'On its last day');
    await choose(within(document.body), 'Time zone', 'Asia/Jakarta');
    expect(next()[0]?.textContent).toContain('WIB');
    type('Reason', 'Each payday');
    press('Repeat diversion');
    await waitFor(() => expect(sent).toHaveLength(1));
    expect(sent.pop()).toMatchObject({
      diversionId: id,
      reason: 'Each payday',
      typedDomain: null,
      rule: {
        days: { kind: 'monthly', days: [12, 28], shortMonth: 'lastDay' },
        startMinute: 1200,
        endMinute: 360,
        endsAfterDays: 1,
        zone: 'Asia/Jakarta',
        until: { kind: 'count', count: 3 },
        aheadDays: 14,
      },
    });
  });

  it('shows errors at their fields, and sends nothing', () => {
    open(view());
    press('Repeat');
    type('T0 (starts)', '25:00');
    type('Create ahead (days)', '90');
    press('Repeat diversion');
    expect(screen.getByText('Enter a valid time of day.')).toBeTruthy();
    expect(screen.getByText('Enter a number of days from 1 to 60.')).toBeTruthy();
    expect(screen.queryByRole('region', { name: 'Next occurrences' })).toBeNull();
    type('T0 (starts)', '05:00');
    type('Create ahead (days)', '14');
    expect(screen.getByText(/each occurrence must be rolled back before the next one starts/)).toBeTruthy();
    expect(sent).toEqual([]);
  });

  it('requires the moved domain on a real account, and shows the refusal', async () => {
    const refused: SetRecurrenceAction = async (input) => {
      sent.push(input);
      return err({ fields: { typedDomain: ['typedDomain.differs'] }, form: null });
    };
    const domains = ['an.example.co.id', 'flash.example.co.id'];
    open(view({ domains, connection: { ...testConnectionView, kind: 'tencent' } }), refused);
    press('Repeat');
    type('Type flash.example.co.id to confirm', 'flash.example.com');
    press('Repeat diversion');
    expect(await screen.findByText('Enter the text exactly as shown.')).toBeTruthy();
    expect(sent.pop()).toMatchObject({ typedDomain: 'flash.example.com' });
  });

  it('requires the domain that the server compares, not the first one in alphabetical order', async () => {
    const movedNames = ['sale.example.co.id', 'flash.example.co.id'];
    const real = { ...testConnectionView, kind: 'tencent' } as const;
    open(view({ connection: real, domains: movedNames.toSorted(), movedNames }));
    press('Repeat');
    type('Type sale.example.co.id +1 to confirm', 'Sale.example.co.id +1 ');
    press('Repeat diversion');
    await waitFor(() => expect(sent).toMatchObject([{ typedDomain: 'sale.example.co.id +1' }]));
    sent.length = 0;
  });

  it('lists the occurrences that a change cancels before it is confirmed', () => {
    open(view({ recurrence }));
    press('Change recurrence');
    expect(screen.queryByRole('region', { name: 'Canceled occurrences' })).toBeNull();
    type('T1 (rolls back)', '05:30');
    const replaced = within(screen.getByRole('region', { name: 'Canceled occurrences' }));
    expect(replaced.getAllByRole('listitem').map(({ textContent }) => textContent?.slice(0, 5))).toEqual(
      occurrences.toReversed().map(({ diversionId }) => diversionId),
    );
  });
});

describe('the recurrence of a diversion', () => {
  it('shows its rule, its occurrences, and why one is not scheduled', () => {
    const [last] = occurrences;
    const problems = [{ message: 't0.frozen' }];
    const broken = last === undefined ? [] : [{ ...last, state: 'planned' as const, problems }];
    open(view({ recurrence: { ...recurrence, occurrences: [...broken, ...occurrences.slice(1)] } }));
    expect(screen.getByText(/^Every day, 20:00 to 06:00 the next day \(UTC\) from /)).toBeTruthy();
    const rows = within(screen.getByRole('table', { name: 'Occurrences' }))
      .getAllByRole('row')
      .slice(1);
    expect(rows).toHaveLength(occurrences.length);
    expect(rows[0]?.textContent).toContain('A change freeze covers this time');
    expect(rows[1]?.textContent).toContain('Scheduled');
  });

  it('can be stopped with a choice for scheduled occurrences', async () => {
    open(view({ recurrence }));
    press('Stop recurrence');
    const dialog = within(screen.getByRole('dialog', { name: 'Stop the recurrence of D-0012?' }));
    fireEvent.click(dialog.getByRole('radio', { name: 'Keep them scheduled' }));
    fireEvent.change(dialog.getByLabelText('Reason'), { target: { value: 'The sale is over' } });
    fireEvent.click(dialog.getByRole('button', { name: 'Stop recurrence' }));
    await waitFor(() =>
      expect(sent).toEqual([{ diversionId: id, scheduled: 'keep', reason: 'The sale is over' }]),
    );
    sent.length = 0;
  });

  it('is that of the series on an occurrence, and can’t be set without a plan', () => {
    const t0 = '2026-12-12T13:00:00.000Z';
    const series = { kind: 'occurrence', of: id, date: '2026-12-12', t0, zone: 'UTC', problems: [] } as const;
    open(view({ series }));
    expect(screen.getByRole('link', { name: 'D-0012' }).getAttribute('href')).toBe(
      '/diversions/D-0012?tab=activity',
    );
    expect(screen.queryByRole('button', { name: 'Repeat' })).toBeNull();
    cleanup();
    open(view({ newest: null, current: null, revisions: [] }));
    expect(screen.queryByRole('button', { name: 'Repeat' })).toBeNull();
    expect(screen.getByText(/Review the plan of this diversion first/)).toBeTruthy();
  });
});
