// @vitest-environment happy-dom

import { act, cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ScheduledCutover, ScheduleView } from '@/lib/contract/schedule';
import { DiversionId } from '@/lib/diversion/diversion';
import { addDays } from '@/lib/diversion/wall-clock';
import { PlanId } from '@/lib/plan/model/model';
import { RunId } from '@/lib/run/model/run-id';
import { renderPage } from '@/testing/components/test-page';
import { weekStartAt } from './nights';
import { ScheduleScreen } from './schedule-screen';

const answered = globalThis.fetch;

// Nights last from noon to noon and weeks start on Monday, so at another hour the same cutover may span two rows.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2027-03-03T20:00:00Z') });
});

afterEach(() => {
  vi.useRealTimers();
  cleanup();
  window.history.replaceState(null, '', '/schedule');
  globalThis.fetch = answered;
});

/** Renders the page with the server's data; the mocked server returns the same again. */
function open(shown: ScheduleView) {
  globalThis.fetch = async () => Response.json(shown);
  return renderPage(<ScheduleScreen initial={shown} />);
}

const hour = 3_600_000;
const at = (hours: number) => new Date(Date.now() + hours * hour).toISOString();

function cutover(runId: RunId, hours: number, change: Partial<ScheduledCutover> = {}): ScheduledCutover {
  return {
    runId,
    planId: PlanId.parse(`P-${runId}`),
    name: `Sale ${runId}`,
    connectionId: 'test',
    connectionName: 'niaga',
    connectionKind: 'sandbox',
    state: 'scheduled',
    hasOutage: false,
    cutover: {
      t0: at(hours),
      prewarmS: 600,
      t1: at(hours + 1),
      zone: 'UTC',
      missedT0: { kind: 'skip' },
      guards: [],
    },
    prewarmAt: at(hours - 1 / 6),
    divertedAt: at(hours + 0.01),
    backAt: at(hours + 1.05),
    endedAt: null,
    writes: 4,
    actor: 'local',
    latenessMs: null,
    approvals: { given: 0, needed: 0 },
    problems: [],
    ...change,
  };
}

function view(change: Partial<ScheduleView> = {}): ScheduleView {
  return { now: at(0), cutovers: [], upcoming: [], conflicts: [], freezes: [], stop: null, ...change };
}

const week = () => screen.getByRole('region', { name: 'Week by night' });
const tonight = () => {
  const row = within(week()).getByText('Tonight').closest('section');
  if (row === null) throw new Error('tonight is a row');
  return row;
};

describe('the schedule', () => {
  it('explains how to create a cutover when nothing is scheduled', () => {
    open(view());
    expect(screen.getByRole('heading', { name: 'Nothing is scheduled' })).toBeTruthy();
    expect(screen.getByRole('link', { name: 'View diversions' }).getAttribute('href')).toBe('/diversions');
  });

  it('shows a cutover in progress in its night, with a link to its run', () => {
    open(view({ cutovers: [cutover(RunId.parse('R-1'), 0, { state: 'diverted' })] }));
    const bar = within(tonight()).getByRole('link', { name: /^Sale R-1: Diverted, T0 .*, T1 / });
    expect(bar.getAttribute('href')).toBe('/runs/R-1');
  });

  it('outlines future occurrences, in their night and in the list, with links to the series', () => {
    const occurrence = {
      seriesId: DiversionId.parse('D-0012'),
      name: 'Evening sale',
      connectionName: 'niaga',
      date: '2026-12-11',
      t0: at(1),
      t1: at(3),
    };
    open(view({ upcoming: [occurrence] }));
    const bar = within(tonight()).getByRole('link', { name: /^Evening sale, not created yet, T0 .*, T1 / });
    expect(bar.getAttribute('href')).toBe('/diversions/D-0012');
    expect(screen.queryByRole('heading', { name: 'Nothing is scheduled' })).toBeNull();
    fireEvent.click(screen.getByRole('radio', { name: 'List' }));
    const table = within(screen.getByRole('table', { name: 'Occurrences to come, not created yet' }));
    expect(table.getByRole('link', { name: 'Evening sale' }).getAttribute('href')).toBe('/diversions/D-0012');
  });

  it('navigates to other weeks and back', () => {
    open(view({ cutovers: [cutover(RunId.parse('R-1'), 0), cutover(RunId.parse('R-2'), 7 * 24)] }));
    const links = () => within(week()).queryAllByRole('link', { name: /^Sale/ });
    const shown = () => links().map((link) => link.getAttribute('href'));
    expect(shown()).toEqual(['/runs/R-1']);
    fireEvent.click(screen.getByRole('button', { name: 'Next week' }));
    expect(shown()).toEqual(['/runs/R-2']);
    expect(within(week()).queryByText('Tonight')).toBeNull();
    fireEvent.click(screen.getByRole('button', { name: 'This week' }));
    expect(shown()).toEqual(['/runs/R-1']);
  });

  it('keeps week, zone and view in the address, with a history entry for each change', () => {
    const pushed: string[] = [];
    const { pushState } = window.history;
    window.history.pushState = (state, unused, url) => {
      pushed.push(String(url));
      pushState.call(window.history, state, unused, url);
    };
    open(view({ cutovers: [cutover(RunId.parse('R-1'), 0)] }));
    const monday = weekStartAt(Date.now(), 'UTC');
    fireEvent.click(screen.getByRole('button', { name: 'Next week' }));
    fireEvent.click(screen.getByRole('button', { name: 'Next week' }));
    fireEvent.click(screen.getByRole('radio', { name: 'List' }));
    fireEvent.click(screen.getByRole('radio', { name: 'Week' }));
    fireEvent.click(screen.getByRole('button', { name: 'This week' }));
    window.history.pushState = pushState;
    const later = addDays(monday, 14);
    expect(pushed).toEqual([
      `?week=${addDays(monday, 7)}`,
      `?week=${later}`,
      `?week=${later}&view=list`,
      `?week=${later}`,
      '?',
    ]);
  });

  it('opens the week, zone and view of an address, and follows it', () => {
    window.history.replaceState(null, '', '/schedule?week=2026-12-09&zone=Asia/Jakarta');
    const { goTo } = open(view({ cutovers: [cutover(RunId.parse('R-1'), 0)] }));
    expect(screen.getByRole('heading', { name: '7 December 2026 to 14 December 2026' })).toBeTruthy();
    expect(screen.getByRole('combobox', { name: 'Time zone' }).textContent).toContain('Asia/Jakarta');
    act(() => goTo('/schedule?view=list'));
    expect(screen.getByRole('table', { name: 'Upcoming and running' })).toBeTruthy();
  });

  it('draws a diversion that stays with an open end, and a rolled back one up to its end', () => {
    const stays = { ...cutover(RunId.parse('R-1'), 0).cutover, t1: null };
    const open1 = cutover(RunId.parse('R-1'), 0, { cutover: stays, backAt: null, state: 'done' });
    open(view({ cutovers: [open1] }));
    const bars = within(week()).getAllByRole('link', { name: /^Sale R-1: In effect, T0 .*, stays$/ });
    expect(bars.at(-1)?.textContent).toContain('stays');
    expect(within(week()).getByText('Stays in effect')).toBeTruthy();
  });

  it('lists upcoming cutovers by T0, and past ones with their lateness', () => {
    const cutovers = [
      cutover(RunId.parse('R-3'), 9),
      cutover(RunId.parse('R-2'), 5, { problems: [{ kind: 'frozen', values: { freeze: 'Settlement' } }] }),
      cutover(RunId.parse('R-1'), -5, { state: 'rolledBack', latenessMs: 42 }),
    ];
    open(view({ cutovers }));
    fireEvent.click(screen.getByRole('radio', { name: 'List' }));
    const names = (table: string) =>
      within(screen.getByRole('table', { name: table }))
        .getAllByRole('link')
        .map((link) => link.textContent);
    expect(names('Upcoming and running')).toEqual(['Sale R-2', 'Sale R-3']);
    expect(names('Past')).toEqual(['Sale R-1']);
    expect(within(screen.getByRole('table', { name: 'Past' })).getByText('42 ms')).toBeTruthy();
    expect(screen.getByText('1 problem')).toBeTruthy();
    expect(screen.getByText(/The change freeze “Settlement” covers this time/)).toBeTruthy();
  });

  it('shows both sides of a conflict, even an unscheduled one', () => {
    const conflicts = [
      { runIds: [RunId.parse('R-1'), RunId.parse('R-9')] as const, object: 'flash.example.co.id' },
    ];
    open(view({ cutovers: [cutover(RunId.parse('R-1'), 2)], conflicts }));
    const banner = screen.getByRole('alert');
    expect(banner.textContent).toContain('both change flash.example.co.id at the same time');
    const links = within(banner).getAllByRole('link');
    expect(links.map((link) => link.getAttribute('href'))).toEqual(['/runs/R-1', '/runs/R-9']);
  });

  it('hatches the freeze windows of every night, and lists them', () => {
    const span = { kind: 'daily', fromMinute: 180, toMinute: 240, zone: 'Asia/Jakarta' } as const;
    open(view({ freezes: [{ id: 1, name: 'Bank settlement', span }] }));
    expect(within(week()).getAllByText('Bank settlement')).toHaveLength(7);
    expect(screen.getByText('Every day 03:00 to 04:00 in Asia/Jakarta')).toBeTruthy();
  });
});

describe('one night', () => {
  // Created in the test: the clock is set before each.
  const make = () => {
    const night = cutover(RunId.parse('R-0001'), 2);
    const beside = cutover(RunId.parse('R-0002'), 2.5);
    const later = cutover(RunId.parse('R-0003'), 30);
    const frozen = {
      id: 4,
      name: 'Settlement',
      span: { kind: 'once', from: at(3), to: at(5) },
    } as const;
    const shown = {
      ...view({ cutovers: [night, beside, later] }),
      freezes: [frozen],
      conflicts: [{ runIds: [night.runId, beside.runId] as const, object: 'rule' }],
    };
    return shown;
  };
  const rows = () =>
    within(screen.getByRole('table', { name: 'This night' }))
      .getAllByRole('row')
      .slice(1)
      .map((row) => within(row).getAllByRole('cell'));

  it('is shown alone with concurrent cutovers, at its own address', () => {
    open(make());
    fireEvent.click(screen.getByRole('button', { name: /^Show the night of Wed 3/ }));
    expect(window.location.search).toContain('night=2027-03-03');
    expect(screen.getAllByRole('region', { name: /^Night of/ })).toHaveLength(1);
    expect(rows().map((cells) => [cells[0]?.textContent, cells[3]?.textContent])).toEqual([
      ['Sale R-0001 (R-0001)', 'Sale R-0002, SettlementChanges the same object'],
      ['Sale R-0002 (R-0002)', 'Sale R-0001, SettlementChanges the same object'],
      ['Change freeze: Settlement', 'Sale R-0001, Sale R-0002'],
    ]);
    fireEvent.click(screen.getByRole('button', { name: 'Next night' }));
    expect(rows().map((cells) => [cells[0]?.textContent, cells[3]?.textContent])).toEqual([
      ['Sale R-0003 (R-0003)', 'Nothing else'],
    ]);
    fireEvent.click(screen.getByRole('button', { name: 'Whole week' }));
    expect(window.location.search).not.toContain('night');
  });
});
