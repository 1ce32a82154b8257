// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FailoverDecision } from '@/lib/run/model/failover';
import { RunId } from '@/lib/run/model/run-id';
import { openBoard } from '@/testing/components/test-board';
import { testRound, testSwitchView } from '@/testing/components/test-switch';

/* The server is unreachable, so the page's initial content stays. */
beforeEach(() => {
  vi.stubGlobal('fetch', async () => Promise.reject(new TypeError('fetch failed')));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe('failover', () => {
  it('shows what each vantage saw, and is enabled with the typed policy', async () => {
    const rounds = [testRound([true, true]), testRound([false, true])];
    const { row, given } = openBoard({ rounds });
    const cvm = within(row.getByRole('region', { name: 'CVM' }));
    expect(cvm.getByText('1 of 2 probes passed')).toBeTruthy();
    expect(cvm.getByText('status 502')).toBeTruthy();
    expect(cvm.getByText('2 of 2 probes passed')).toBeTruthy();
    fireEvent.click(row.getByRole('button', { name: 'Enable failover' }));
    const dialog = within(await screen.findByRole('dialog'));
    const arm = dialog.getByRole('button', { name: 'Enable failover' });
    const type = (name: RegExp, value: string) =>
      fireEvent.change(dialog.getByRole('textbox', { name }), { target: { value } });
    type(/Vantages that must see/, '3');
    expect(dialog.getByText('Enter at most the number of vantages.')).toBeTruthy();
    expect(arm.hasAttribute('disabled')).toBe(true);
    fireEvent.click(dialog.getByRole('button', { name: 'Add vantage' }));
    expect(dialog.getByText(/such as 8.8.8.8/)).toBeTruthy();
    type(/Resolver of vantage 3/, '8.8.8.8');
    type(/Probes that must fail/, '9');
    expect(dialog.getByText('Enter at most the number of counted probes.')).toBeTruthy();
    type(/Probes that must fail/, '');
    expect(dialog.getByText('Enter a whole number within the limits.')).toBeTruthy();
    type(/Probes that must fail/, '2');
    type(/Throttled calls/, '5');
    fireEvent.click(arm);
    await waitFor(() => expect(given).toHaveLength(1));
    expect(given[0]).toEqual([
      'arm',
      {
        switchId: 'S-0001',
        policy: {
          ...testSwitchView().policy,
          vantages: [
            { kind: 'address' },
            { kind: 'name', resolver: null },
            { kind: 'name', resolver: '8.8.8.8' },
          ],
          quorum: 3,
          failures: 2,
          capacity: [{ measure: 'throttles', limit: 5 }],
        },
      },
    ]);
  });

  it.each<[FailoverDecision, string]>([
    [{ kind: 'healthy' }, 'CVM is healthy'],
    [{ kind: 'unsure', failing: 1 }, '1 of 2 vantages see CVM fail; 2 needed'],
    [{ kind: 'receiverFails' }, 'CVM fails, and SCF has not passed its probes'],
    [
      { kind: 'noRoom', measure: 'throttles', value: 7 },
      'CVM fails, but SCF has no capacity: throttled calls at 7',
    ],
    [{ kind: 'noRoom', measure: 'throttles', value: null }, 'throttled calls unknown'],
    [
      { kind: 'blocked', why: 'emergencyStop.stopped', values: { actor: 'sari', reason: 'audit' } },
      "it can't move: sari has paused all changes: audit.",
    ],
    [
      { kind: 'blocked', why: 'preflight', values: { count: 1, check: 'region' } },
      "it can't move: a check blocks it",
    ],
    [{ kind: 'holdDown', until: '2026-12-11T14:40:00.000Z' }, 'no automatic move before'],
  ])('explains %j, and can be disabled', async (decision, words) => {
    const { row, given } = openBoard({ state: 'enabled', decision, failing: 1 });
    expect(
      row.getByText(/^Moves to SCF when 2 of 2 vantages see 3 of 5 probes fail, probed every 5 s/),
    ).toBeTruthy();
    expect(
      row.getByText(
        (_, element) => element?.tagName === 'SPAN' && element.textContent?.includes(words) === true,
        { selector: '.whitespace-normal' },
      ),
    ).toBeTruthy();
    fireEvent.click(row.getByRole('button', { name: 'Disable failover' }));
    await waitFor(() => expect(given).toEqual([['disarm', 'S-0001']]));
  });

  it('reports after a failover that it never switches back automatically, with a link to the run', () => {
    const lastRun = {
      id: RunId.parse('R-0003'),
      state: 'done',
      hasOutage: false,
      actor: 'failover',
      toward: 'function',
    } as const;
    const { row } = openBoard({
      state: 'failedOver',
      // The estate has not been synced since.
      serving: 'cvm',
      lastRun,
      movedAt: '2026-12-11T14:00:00.000Z',
    });
    expect(row.getByText(/It never moves back automatically/).textContent).toContain(
      'When CVM is healthy again',
    );
    const [link] = row.getAllByRole('link', { name: 'run R-0003' });
    expect(link?.getAttribute('href')).toBe('/runs/R-0003');
    expect(screen.getByText('1 failed over')).toBeTruthy();
  });

  it.each([
    ['applying', 'Failing over', 'It is failing over from CVM.'],
    ['stopped', 'Failover stopped', /stopped before its end, so clients may still reach CVM/],
    ['rolledBack', 'Failover rolled back', 'The failover from CVM was rolled back, so CVM serves again.'],
    ['closed', 'Failover left as is', /was left as is. Its changes in effect stay/],
  ] as const)('does not report a failover while its run is %s', (state, chip, words) => {
    const lastRun = { id: RunId.parse('R-0003'), state, hasOutage: false, actor: 'failover' } as const;
    const { row } = openBoard({ state: 'failedOver', lastRun: { ...lastRun, toward: 'function' } });
    expect(row.getByText(chip)).toBeTruthy();
    expect(row.getByText(words)).toBeTruthy();
    expect(row.queryByText(/failed over/i)).toBeNull();
    expect(screen.queryByText('1 failed over')).toBeNull();
    expect(row.getAllByRole('link', { name: 'run R-0003' })[0]?.getAttribute('href')).toBe('/runs/R-0003');
  });
});
