// @vitest-environment happy-dom

import { act, cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MoveSwitchAction } from '@/lib/contract/switch';
import { PlanId } from '@/lib/plan/model/model';
import { err, ok } from '@/lib/result';
import { RunId } from '@/lib/run/model/run-id';
import { openBoard } from '@/testing/components/test-board';
import { renderPage } from '@/testing/components/test-page';
import { type SwitchChange, testSwitchView } from '@/testing/components/test-switch';
import { SwitchboardScreen } from './switchboard-screen';

/* The server is unreachable, so the page's initial content stays. */
beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'],
    shouldAdvanceTime: true,
  });
  vi.stubGlobal('fetch', async () => Promise.reject(new TypeError('fetch failed')));
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const armButton = () => screen.getByRole('button', { name: 'Arm switch' });
const throwButton = () => screen.queryByRole('button', { name: /^Switch to/ });

describe('the switch control', () => {
  it('shows the change when it is armed, and applies it when it is confirmed', async () => {
    const { row, given, visited } = openBoard();
    expect(row.getByRole('img', { name: 'Share of DNS answers: CVM 100 %, SCF 0 %' })).toBeTruthy();
    fireEvent.click(armButton());
    expect(given).toEqual([]);
    expect(row.getByText('Armed, 10 s left')).toBeTruthy();
    expect(row.getByText('Move to SCF: from 0 % to 100 %')).toBeTruthy();
    expect(row.getByText('3 API calls')).toBeTruthy();
    expect(row.getByText(/Clients follow within 60 s/)).toBeTruthy();
    expect(document.activeElement).toBe(throwButton());
    fireEvent.click(throwButton() as HTMLElement);
    await waitFor(() => expect(visited).toEqual(['/runs/R-0007']));
    const ramp = [{ percent: 100, bakeS: 0 }];
    expect(given).toEqual([['move', { switchId: 'S-0001', toward: 'function', ramp, typedDomain: null }]]);
  });

  it('disarms after 10 s without a change', async () => {
    const { given } = openBoard();
    fireEvent.click(armButton());
    act(() => void vi.advanceTimersByTime(9900));
    expect(throwButton()).not.toBeNull();
    act(() => void vi.advanceTimersByTime(200));
    expect(throwButton()).toBeNull();
    expect(document.activeElement).toBe(armButton());
    expect(given).toEqual([]);
  });

  it.each(['Esc', 'Disarm'])('is disarmed by %s', (how) => {
    const { given } = openBoard();
    fireEvent.click(armButton());
    if (how === 'Esc') fireEvent.keyDown(window, { key: 'Escape' });
    else fireEvent.click(screen.getByRole('button', { name: 'Disarm' }));
    expect(throwButton()).toBeNull();
    expect(given).toEqual([]);
  });

  it('is not confirmed by holding down the key that armed it', () => {
    openBoard();
    fireEvent.click(armButton());
    const stopped = new KeyboardEvent('keydown', {
      key: 'Enter',
      repeat: true,
      bubbles: true,
      cancelable: true,
    });
    act(() => void throwButton()?.dispatchEvent(stopped));
    expect(stopped.defaultPrevented).toBe(true);
    const pressed = new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true });
    act(() => void throwButton()?.dispatchEvent(pressed));
    expect(pressed.defaultPrevented).toBe(false);
  });

  it('moves either way while both sides serve, along a ramp from their current shares', async () => {
    const { sides } = testSwitchView();
    const mixed = sides && {
      cvm: { ...sides.cvm, share: 80 },
      function: { ...sides.function, share: 20 },
    };
    const preview = { writes: { flip: 2, careful: 5, even: 7 }, blocks: [] };
    const { row, given } = openBoard({ sides: mixed, previews: { cvm: preview, function: preview } });
    expect(row.getByRole('radio', { name: 'SCF', checked: true })).toBeTruthy();
    fireEvent.click(row.getByRole('combobox', { name: 'Ramp of checkout.example.co.id' }));
    const option = await screen.findByRole('option', { name: '10, 50, 100 %' });
    fireEvent.pointerDown(option);
    fireEvent.click(option);
    const bake = row.getByRole('textbox', { name: 'Minutes of bake between two shares' });
    fireEvent.change(bake, { target: { value: '1.5' } });
    expect(row.getByText('Enter 0 to 1,440 minutes.')).toBeTruthy();
    expect(armButton().hasAttribute('disabled')).toBe(true);
    fireEvent.change(bake, { target: { value: '2' } });
    fireEvent.click(armButton());
    expect(row.getByText('5 API calls')).toBeTruthy();
    expect(row.getByText('2 min ramp')).toBeTruthy();
    const shares = within(row.getByRole('list')).getAllByRole('listitem');
    expect(shares.map(({ textContent }) => textContent)).toEqual([
      '20 % now',
      '50 % at once',
      '100 % +2 min',
    ]);
    fireEvent.click(throwButton() as HTMLElement);
    await waitFor(() =>
      expect(given[0]?.[1]).toMatchObject({
        toward: 'function',
        ramp: [
          { percent: 50, bakeS: 120 },
          { percent: 100, bakeS: 0 },
        ],
      }),
    );
  });

  it('requires the domain to be typed on a real account', async () => {
    const { row, given } = openBoard({ connectionKind: 'tencent' });
    expect(armButton().hasAttribute('disabled')).toBe(true);
    expect(row.getByText('Type the domain to arm')).toBeTruthy();
    fireEvent.change(row.getByRole('textbox'), { target: { value: ' Checkout.example.co.id' } });
    fireEvent.click(armButton());
    fireEvent.click(throwButton() as HTMLElement);
    await waitFor(() => expect(given[0]?.[1]).toMatchObject({ typedDomain: 'checkout.example.co.id' }));
  });

  it('creates the plan and opens it if a move needs approvals', async () => {
    const planned: MoveSwitchAction = async () => ok({ planId: PlanId.parse('P-0007'), runId: null });
    const { row, visited } = openBoard({ approvals: 2 }, planned);
    fireEvent.click(armButton());
    expect(row.getByText(/A move here needs 2 approvals, so nothing moves yet/)).toBeTruthy();
    fireEvent.click(row.getByRole('button', { name: /^Plan move to SCF/ }));
    await waitFor(() => expect(visited).toEqual(['/plans/P-0007']));
  });

  it('shows why the server rejected it', async () => {
    const refusal = {
      fields: {},
      form: { message: 'emergencyStop.stopped', values: { actor: 'sari', reason: 'audit' } },
    };
    const { visited } = openBoard({}, async () => err(refusal));
    fireEvent.click(armButton());
    fireEvent.click(throwButton() as HTMLElement);
    expect((await screen.findByRole('alert')).textContent).toContain('sari has paused all changes: audit.');
    expect(visited).toEqual([]);
    expect(armButton().hasAttribute('disabled')).toBe(false);
  });

  const block = {
    check: 'region',
    status: 'block',
    field: 'laneB.loadBalancerId',
    objects: ['lb-2'],
    why: 'region.unsupported',
    values: { name: 'lb-jkt', region: 'ap-jakarta' },
    fix: null,
    source: 'https://cloud.tencent.com/document/api/214/30694',
  } as const;
  const writes = { flip: 3, careful: 7, even: 9 };
  const { sides } = testSwitchView();
  it.each([
    [
      'a check blocks it',
      { previews: { cvm: { writes, blocks: [] }, function: { writes, blocks: [block] } } },
      '1 check blocks it',
    ],
    ['a side is missing', { sides: null, previews: null, serving: null }, 'A side is missing'],
    [
      'no server is bound',
      {
        serving: 'function',
        sides: sides && {
          cvm: { ...sides.cvm, share: 0, bound: 0 },
          function: { ...sides.function, share: 100 },
        },
        previews: { cvm: { writes, blocks: [] }, function: { writes, blocks: [] } },
      },
      'CVM has no target',
    ],
  ] as const)('is disabled with a reason if %s', (_, change, words) => {
    const { row } = openBoard(change as SwitchChange);
    expect(armButton().hasAttribute('disabled')).toBe(true);
    const why = document.getElementById(armButton().getAttribute('aria-describedby') ?? '');
    expect(why?.textContent).toBe(words);
    expect(row.getByText('Failover disabled')).toBeTruthy();
  });
});

describe('the board', () => {
  it('keeps the last data, with its time, while the server does not respond', async () => {
    openBoard();
    fireEvent.click(screen.getByRole('button', { name: /^Remove the Switch for checkout/ }));
    fireEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Remove Switch' }));
    expect(await screen.findByText("The Switches can't be loaded.")).toBeTruthy();
    expect(screen.getByText(/Showing the state as of/).textContent).toContain('14:32:05');
    // The page can't tell whether a worker still watches them.
    expect(screen.queryByText(/still watches/)).toBeNull();
  });

  it('removes a Switch only after confirmation', async () => {
    const { row, given } = openBoard();
    fireEvent.click(row.getByRole('button', { name: 'Remove the Switch for checkout.example.co.id' }));
    const dialog = within(await screen.findByRole('dialog'));
    expect(given).toEqual([]);
    fireEvent.click(dialog.getByRole('button', { name: 'Remove Switch' }));
    await waitFor(() => expect(given).toEqual([['remove', 'S-0001']]));
  });

  it('explains a missing script instead of showing a broken link', () => {
    const { row } = openBoard({ noScript: 'switch.script.notBound' });
    expect(row.getByText(/the function is not bound, and the script moves only DNS/i)).toBeTruthy();
    expect(row.queryByRole('link', { name: /script/ })).toBeNull();
  });

  it('lists the last moves with their actors and runs', () => {
    const at = '2026-12-11T14:32:05.000Z';
    const move = {
      at,
      domain: 'search.example.co.id',
      percent: 100,
      state: 'done',
      hasOutage: false,
      toward: 'function',
      actor: 'sari',
    } as const;
    openBoard({}, undefined, [
      { ...move, runId: RunId.parse('R-0003'), by: 'failover', actor: 'failover', state: 'applying' },
      { ...move, runId: RunId.parse('R-0002'), by: 'clock', toward: 'cvm', percent: 50 },
      { ...move, runId: RunId.parse('R-0001'), by: 'manual' },
    ]);
    const card = within(screen.getByRole('region', { name: 'Recent moves' }));
    const rows = card.getAllByRole('listitem').map(({ textContent }) => textContent);
    expect(rows).toMatchObject([
      expect.stringMatching(/Failover.*Applying.*search.example.co.id, to SCF 100 %/),
      expect.stringMatching(/Schedule, by sari.*In effect.*search.example.co.id, to CVM 50 %/),
      expect.stringMatching(/sari.*In effect.*search.example.co.id, to SCF 100 %/),
    ]);
    expect(card.getAllByRole('link').map((link) => link.getAttribute('href'))).toEqual([
      ...['/runs/R-0003', '/runs/R-0002', '/runs/R-0001'],
      '/diversions?kind=switch',
    ]);
  });

  it('reports that nothing has moved yet', () => {
    openBoard();
    expect(screen.getByText('No Switch has moved yet.')).toBeTruthy();
  });

  it('offers the script, and the first steps on an empty board', () => {
    const { row } = openBoard();
    const link = row.getByRole('link', { name: 'Download the failover script for checkout.example.co.id' });
    expect(link.getAttribute('href')).toBe('/api/switches/S-0001/script');
    cleanup();
    const never = async () => ok(null);
    renderPage(
      <SwitchboardScreen
        initial={{ now: '2026-12-11T14:32:05.000Z', switches: [], moves: [] }}
        connectionId="test"
        help={null}
        enableFailover={never}
        disableFailover={never}
        removeSwitch={never}
        moveSwitch={async () => ok({ planId: PlanId.parse('P-1'), runId: RunId.parse('R-1') })}
      />,
    );
    expect(screen.getByRole('heading', { name: 'No Switches yet' })).toBeTruthy();
    expect(screen.getAllByRole('link', { name: 'New Switch' })).toHaveLength(1);
  });
});
