// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import type { DiversionSummary } from '@/lib/contract/diversion';
import { DiversionId } from '@/lib/diversion/diversion';
import { readStoredRecurrence } from '@/lib/diversion/recurrence';
import { RunId } from '@/lib/run/model/run-id';
import { choose } from '@/testing/components/test-choose';
import { testDiversionSummary } from '@/testing/components/test-diversion-view';
import { renderPage } from '@/testing/components/test-page';
import { testRevision } from '@/testing/components/test-revision';
import { testRule } from '@/testing/plan/test-recurrence';
import { DiversionList } from './diversion-list';

afterEach(() => {
  cleanup();
  window.history.replaceState(null, '', '/diversions');
});

const summary = (number: number, change: Partial<DiversionSummary> = {}) =>
  testDiversionSummary({
    id: DiversionId.parse(`D-000${number}`),
    name: `Sale ${number}`,
    domains: ['flash.example.co.id', 'shop.example.co.id'],
    ...change,
  });

const all = [
  summary(4, { state: 'discarded', discarded: { at: '2026-12-11T15:00:00.000Z', by: 'sari' } }),
  summary(3, { state: 'stopped', attention: ['stopped'], kind: 'switch', domains: ['search.example.co.id'] }),
  summary(2, {
    state: 'scheduled',
    current: testRevision({
      runId: RunId.parse('R-0007'),
      cutover: {
        t0: '2026-12-12T14:00:00.000Z',
        t1: '2026-12-12T18:00:00.000Z',
        zone: 'Asia/Jakarta',
        prewarmS: 60,
        missedT0: { kind: 'ask' },
        guards: [],
      },
    }),
  }),
  summary(1),
];

const open = (diversions: readonly DiversionSummary[] = all) =>
  renderPage(<DiversionList diversions={diversions} connectionId="test" importing={null} />);
const names = () =>
  within(screen.getByRole('table', { name: 'Diversions' }))
    .getAllByRole('link')
    .map(({ textContent }) => textContent);

describe('the list of diversions', () => {
  it('shows each with state, times and pending task, and no discarded ones', () => {
    open();
    expect(names()).toEqual(['Sale 3', 'Sale 2', 'Sale 1']);
    const row = screen.getByRole('row', { name: /Sale 2/ });
    expect(row.textContent).toMatch(/Scheduled.*Split.*niaga.*sari.*21:00:00 WIB.*until.*01:00:00 WIB/);
    expect(screen.getByRole('row', { name: /Sale 3/ }).textContent).toContain(
      'Stopped: choose how to continue',
    );
    expect(screen.getByRole('link', { name: 'New diversion' }).getAttribute('href')).toBe(
      '/diversions/new?connection=test',
    );
  });

  it('filters by all words of the search, which the address stores', () => {
    open();
    fireEvent.change(screen.getByRole('searchbox', { name: 'Find diversion' }), {
      target: { value: 'flash r-0007' },
    });
    expect(names()).toEqual(['Sale 2']);
    expect(window.location.search).toBe('?q=flash+r-0007');
    fireEvent.change(screen.getByRole('searchbox', { name: 'Find diversion' }), { target: { value: 'zzz' } });
    expect(screen.getByText('No diversion matches these filters.')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Clear filters' }));
    expect(names()).toHaveLength(3);
  });

  it('opens with the filters of its address', () => {
    window.history.replaceState(null, '', '/diversions?state=discarded');
    open();
    expect(names()).toEqual(['Sale 4']);
  });

  it('can show only those that need attention', () => {
    open();
    fireEvent.click(screen.getByRole('checkbox', { name: 'Needs attention' }));
    expect(names()).toEqual(['Sale 3']);
  });

  it('says what is damaged of the rule of a series, and what to do', () => {
    const damaged = { kind: 'template', ...readStoredRecurrence(null), isStopped: false } as const;
    open([summary(2), summary(1, { series: damaged })]);
    expect(screen.getByText(/is damaged \(rule\): .* Change or stop the recurrence/)).toBeTruthy();
    expect(screen.getAllByRole('row')).toHaveLength(3);
  });

  it('marks series and their occurrences, and can show only those', async () => {
    const template = summary(1, {
      series: { kind: 'template', rule: testRule(), problem: null, isStopped: false },
    });
    const of = template.id;
    const t0 = '2026-12-12T14:00:00.000Z';
    const series = { kind: 'occurrence', of, date: '2026-12-12', t0, zone: 'UTC', problems: [] } as const;
    open([summary(3), summary(2, { series }), template]);
    expect(screen.getByRole('row', { name: /Sale 2/ }).textContent).toContain('Occurrence of D-0001');
    expect(within(screen.getByRole('row', { name: /Sale 1/ })).getByText('Repeats')).toBeTruthy();
    await choose(within(document.body), 'Recurrence', 'Occurrences');
    expect(names()).toEqual(['Sale 2', 'D-0001']);
    expect(window.location.search).toBe('?series=occurrence');
    await choose(within(document.body), 'Recurrence', 'Repeats');
    expect(names()).toEqual(['Sale 1']);
    await choose(within(document.body), 'Recurrence', 'Any recurrence');
    // A search for the series finds its occurrences.
    fireEvent.change(screen.getByRole('searchbox', { name: 'Find diversion' }), {
      target: { value: 'd-0001' },
    });
    expect(names()).toEqual(['Sale 2', 'D-0001', 'Sale 1']);
  });

  it('offers to create one while the list is empty', () => {
    open([]);
    expect(screen.getByRole('heading', { name: 'No diversions yet' })).toBeTruthy();
  });
});
