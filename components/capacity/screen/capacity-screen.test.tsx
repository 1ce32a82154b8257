// @vitest-environment happy-dom

import { act, cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { defaultScenario } from '@/components/capacity/model/default-scenario';
import type { OpenedEvent } from '@/components/capacity/model/opened-event';
import { writeScenario } from '@/components/capacity/model/scenario-link';
import { onRouterTransitionStart } from '@/instrumentation-client';
import type { PlanScenarioView } from '@/lib/contract/capacity';
import { DiversionId } from '@/lib/diversion/diversion';
import { PlanId } from '@/lib/plan/model/model';
import { eventFunction, saleScenario } from '@/testing/capacity/sale-scenario';
import { choose } from '@/testing/components/test-choose';
import { renderPage } from '@/testing/components/test-page';
import { CapacityWorkbench } from './capacity-workbench';

/** Advice simulates the event some hundred times. */
const patient = { timeout: 20_000 };

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  window.history.replaceState(null, '', '/capacity');
});

function open(address = '/capacity', event: OpenedEvent | null = null) {
  window.history.replaceState(null, '', address);
  return renderPage(<CapacityWorkbench event={event} />);
}

const figures = () => screen.getByRole('region', { name: 'Prediction' }).textContent ?? '';
const input = (name: string) => screen.getByLabelText<HTMLInputElement>(name);

describe('inputs', () => {
  it('changes the figures with a slider and with its number', () => {
    open();
    const before = figures();
    fireEvent.change(input('Peak, slider'), { target: { value: '3000' } });
    expect(input('Peak').value).toBe('3000');
    const after = figures();
    expect(after).not.toBe(before);
    fireEvent.change(input('Peak'), { target: { value: '2000' } });
    expect(figures()).toBe(before);
    // Beyond the slider's end.
    fireEvent.change(input('Peak'), { target: { value: '200000' } });
    expect(input('Peak, slider').value).toBe('200000');
    expect(screen.getByText('Misses its goals')).toBeTruthy();
  });

  it.each(['', 'x', '-1', '99999999'])(
    'says at its field that %o is invalid, and keeps the figures',
    (text) => {
      open();
      const before = figures();
      fireEvent.change(input('Peak'), { target: { value: text } });
      expect(input('Peak').getAttribute('aria-invalid')).toBe('true');
      expect(screen.getByText(/^Enter a number from 0 to 10000000\./)).toBeTruthy();
      expect(figures()).toBe(before);
      fireEvent.click(screen.getByRole('button', { name: 'Reset' }));
      expect(input('Peak').value).toBe('2000');
    },
  );

  it('judges the worst minute by its own goal', () => {
    open();
    fireEvent.change(input('Peak'), { target: { value: '9000' } });
    fireEvent.change(input('Maximum refused'), { target: { value: '100' } });
    fireEvent.change(input('Maximum p95 wait'), { target: { value: '900000' } });
    expect(screen.getByText('Misses its goals')).toBeTruthy();
    fireEvent.change(input('Maximum refused in a minute'), { target: { value: '100' } });
    expect(screen.getByText('Meets its goals')).toBeTruthy();
    expect(figures()).toMatch(/Worst minute \d+(\.\d+)? %; goal 100 %/);
  });

  it('sets an assumption with its switch, and resets it', () => {
    open();
    const before = figures();
    const name = 'Time to start an instance: the first request on it waits as long';
    fireEvent.click(screen.getByRole('checkbox', { name: `Use another value for ${name}` }));
    fireEvent.change(input(`Value of ${name}`), { target: { value: '2000' } });
    expect(figures()).toContain('+2000 ms each');
    fireEvent.change(input(`Value of ${name}`), { target: { value: '70000' } });
    expect(screen.getByText('Enter a number from 0 to 60000.')).toBeTruthy();
    fireEvent.click(screen.getByRole('checkbox', { name: `Use another value for ${name}` }));
    expect(figures()).toBe(before);
  });
});

describe('a button pressed before the figures have followed the inputs', () => {
  afterEach(() => {
    vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  });

  /** Types a peak and presses a button in one task, so that nothing deferred renders in between. */
  function pressRightAfter(peak: string, button: string) {
    const target = input('Peak');
    const pressed = screen.getByRole('button', { name: button });
    // act() would wait for the deferred render.
    vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', false);
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(target, peak);
    target.dispatchEvent(new Event('input', { bubbles: true }));
    pressed.click();
  }

  it('advises on the newest inputs', async () => {
    open();
    pressRightAfter('3000', 'Get advice');
    expect(await screen.findByText('This scenario misses its goals.', {}, { timeout: 10_000 })).toBeTruthy();
  });

  it('keeps the newest inputs', async () => {
    open();
    const before = figures();
    pressRightAfter('3000', 'Keep this one');
    await waitFor(() => expect(figures()).not.toBe(before));
    expect(await screen.findByRole('row', { name: /^Kept 1 No different inputs/ })).toBeTruthy();
  });
});

describe('links', () => {
  it('puts the inputs into the address, and opens them from it', async () => {
    const { unmount } = open();
    fireEvent.change(input('Peak'), { target: { value: '3000' } });
    fireEvent.click(screen.getByRole('button', { name: 'Keep this one' }));
    fireEvent.change(input('Memory'), { target: { value: '512' } });
    const shown = figures();
    await waitFor(() => expect(window.location.search).toMatch(/^\?s=.+&k=.+/));
    const address = window.location.href;
    unmount();
    open(address);
    expect(figures()).toBe(shown);
    const kept = screen.getByRole('row', { name: /^Kept 1/ });
    expect(kept.textContent).toContain('Memory 128 → 512');
  });

  it('has the inputs in the address before a link is followed, and leaves the address alone from then on', async () => {
    const { unmount } = open();
    const replaced = vi.spyOn(window.history, 'replaceState');
    let shown = '';
    vi.useFakeTimers();
    try {
      fireEvent.change(input('Peak'), { target: { value: '3000' } });
      shown = figures();
      expect(replaced).not.toHaveBeenCalled();
      onRouterTransitionStart('/runs', 'push');
      expect(replaced).toHaveBeenCalledOnce();
      // React renders the deferred values.
      await act(() => vi.runAllTimersAsync());
      expect(replaced).toHaveBeenCalledOnce();
    } finally {
      vi.useRealTimers();
      replaced.mockRestore();
    }
    const address = window.location.href;
    unmount();
    open(address);
    expect(figures()).toBe(shown);
  });

  it('keeps the address of the page that Back returns to', async () => {
    open();
    vi.useFakeTimers();
    try {
      fireEvent.change(input('Peak'), { target: { value: '3000' } });
      window.history.replaceState(null, '', '/runs');
      onRouterTransitionStart('/runs', 'traverse');
      await act(() => vi.runAllTimersAsync());
    } finally {
      vi.useRealTimers();
    }
    expect(window.location.href).toMatch(/\/runs$/);
  });

  it('copies the address that follows from the inputs', async () => {
    const writeText = vi.fn(async () => {});
    vi.stubGlobal('navigator', { clipboard: { writeText } });
    open();
    fireEvent.change(input('Peak'), { target: { value: '3000' } });
    fireEvent.click(screen.getByRole('button', { name: 'Copy link' }));
    await screen.findByText('Link copied');
    const changed = { ...defaultScenario, demand: { ...defaultScenario.demand, peakRps: 3000 } };
    expect(writeText).toHaveBeenCalledWith(
      expect.stringMatching(new RegExp(`[?]s=${writeScenario(changed as typeof defaultScenario)}$`)),
    );
  });

  it.each([
    [`?s=${'A'.repeat(8000)}`, 'Its scenario is longer than 7,000 characters.'],
    ['?s=%21', 'A part of its address is missing or changed.'],
    [`?s=${btoa('{"durationS":-1}')}`, 'durationS: '],
    [`?k=${btoa('{"durationS":-1}')}`, 'durationS: '],
  ])('says why a link has no scenario, and shows the default: %#', (query, text) => {
    open();
    const before = figures();
    cleanup();
    open(`/capacity${query}`);
    expect(screen.getByRole('alert').textContent).toContain(text);
    expect(figures()).toBe(before);
  });
});

describe('comparison', () => {
  it('keeps two scenarios beside the servers alone, shows and removes them', () => {
    open();
    const table = within(screen.getByRole('table', { name: 'Compare' }));
    expect(table.getByRole('row', { name: /CVM only none/ })).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Keep this one' }));
    fireEvent.change(input('Peak'), { target: { value: '4000' } });
    fireEvent.click(screen.getByRole('button', { name: 'Keep this one' }));
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Keep this one' }).disabled).toBe(true);
    fireEvent.click(table.getByRole('button', { name: 'Show kept 1' }));
    expect(input('Peak').value).toBe('2000');
    fireEvent.click(table.getByRole('button', { name: 'Remove kept 1' }));
    expect(table.queryByRole('row', { name: /Kept 2/ })).toBeNull();
    expect(table.getByRole('row', { name: /Kept 1/ }).textContent).toContain('Peak 4,000 → 2,000');
  });
});

describe('the curves of two scenarios', () => {
  const chart = (name: string) => screen.queryByRole('img', { name: new RegExp(`^${name}: up to`) });

  it('are drawn over each other once one is kept, and beside the servers alone if so chosen', async () => {
    open();
    expect(chart('Demand')).toBeNull();
    fireEvent.click(screen.getByRole('button', { name: 'Keep this one' }));
    fireEvent.change(input('Peak'), { target: { value: '4000' } });
    await waitFor(() => expect(chart('Demand')).not.toBeNull());
    expect(chart('Demand')?.getAttribute('aria-label')).toBe(
      'Demand: up to 4,000 req/s in “This scenario”, and up to 2,000 req/s in “Kept 1”.',
    );
    for (const name of [
      'Served requests',
      'Refused requests',
      'Provisioned instances',
      'Wait p95',
      'Cost so far',
    ])
      expect(chart(name)).not.toBeNull();
    const panel = screen.getByRole('region', { name: 'Served requests' });
    expect(panel.textContent).toContain('This scenario');
    const head = within(within(panel).getByRole('table')).getAllByRole('columnheader');
    expect(head.map(({ textContent }) => textContent)).toEqual(['Time', 'This scenario', 'Kept 1']);
    await choose(within(document.body), 'Scenario to overlay', 'CVM only');
    expect(chart('Share of the function')?.getAttribute('aria-label')).toMatch(/and up to 0 % in “CVM only”/);
    fireEvent.click(screen.getByRole('button', { name: 'Remove kept 1' }));
    await waitFor(() => expect(chart('Demand')).toBeNull());
  });
});

describe('limits', () => {
  const chart = (name: string) => screen.getByRole('img', { name: new RegExp(`^${name}: `) });
  const label = (name: string) => chart(name).getAttribute('aria-label');

  it('have charts of what they limit, with the share that is used', () => {
    open();
    expect(label('Instances started per minute')).toMatch(
      /On demand, ap-singapore: up to \S+ per min, \S+ % of 500 per min. Provisioned, function: up to 100 per min, 100 % of 100 per min/,
    );
    expect(label('New connections')).toMatch(/load balancer: up to 400 per s, 2 % of 20,000 per s/);
    expect(label('Open connections')).toMatch(/% of 200,000 connections/);
    expect(label('Bandwidth to clients')).toMatch(/% of 4,096 Mbps/);
    expect(screen.queryByRole('img', { name: /^Requests by load balancer/ })).toBeNull();
    // Without a limit near what it shows, the chart says so.
    const demand = screen.getByRole('region', { name: 'Demand and what serves it' });
    expect(demand.textContent).toContain('Beyond the scale: Requests through load balancer 20,000');
  });

  it('of several functions and load balancers are drawn one by one', () => {
    const sale = saleScenario({ functions: [eventFunction({ name: 'a' }), eventFunction({ name: 'b' })] });
    open(`/capacity?s=${writeScenario(sale)}`);
    expect(label('Instances closest to their limit')).toMatch(/[ab]: up to [\d,]+ instances, \S+ % of 2,580/);
    expect(label('Requests by load balancer')).toMatch(/lb-web: .*lb-sale: /);
  });
});

it('has a table for each chart, and the peak in it', () => {
  open();
  const table = screen.getByRole('table', { name: 'Demand and what serves it' });
  expect(within(table).getAllByRole('row').length).toBeGreaterThan(20);
  expect(table.textContent).toContain('2,000 req/s');
  expect(screen.getByRole('img', { name: /^Requests per second: demand up to 2,000 req\/s/ })).toBeTruthy();
});

describe('advice', () => {
  it('finds values that keep the goals, and shows the scenario with them', async () => {
    open();
    fireEvent.change(input('Peak'), { target: { value: '9000' } });
    expect(screen.getByText('Misses its goals')).toBeTruthy();
    const panel = within(screen.getByRole('region', { name: 'Advice' }));
    fireEvent.click(panel.getByRole('button', { name: 'Get advice' }));
    expect(await panel.findByText('This scenario misses its goals.', {}, patient)).toBeTruthy();
    expect(panel.getByText(/^The largest spike that this set-up can handle is/)).toBeTruthy();
    expect(panel.getByRole('table', { name: 'Assumptions that matter most' })).toBeTruthy();
    const before = figures();
    fireEvent.click(panel.getByRole('button', { name: 'Use these values' }));
    await waitFor(() => expect(figures()).not.toBe(before));
    expect(panel.getByText('The inputs have changed. Get advice again.')).toBeTruthy();
  }, 40_000);
});

describe('the event of a plan', () => {
  const view: PlanScenarioView = {
    planId: PlanId.parse('P-0007'),
    diversionId: DiversionId.parse('D-0003'),
    name: 'Midnight',
    connectionId: 'acme',
    takenAt: '2026-12-11T10:00:00.000Z',
    times: 'run',
    scenario: saleScenario({ startsAt: '2026-12-11T16:30:00.000Z', name: 'Midnight' }),
    assumed: ['duration'],
  };

  it('is shown with its source and what is assumed, also after a reset', () => {
    open('/capacity?plan=P-0007', { ok: true, view });
    expect(screen.getByText('The event of Midnight')).toBeTruthy();
    expect(screen.getByRole('link', { name: 'P-0007' }).getAttribute('href')).toBe('/plans/P-0007');
    expect(screen.getByText(/Assumed, because its value is unknown: the duration of a call/)).toBeTruthy();
    const before = figures();
    fireEvent.change(input('Peak'), { target: { value: '90' } });
    expect(figures()).not.toBe(before);
    fireEvent.click(screen.getByRole('button', { name: 'Reset' }));
    expect(figures()).toBe(before);
  });

  it.each([
    [{ ok: false, planId: 'P-9', why: 'unknown' }, 'Plan P-9 does not exist.'],
    [{ ok: false, planId: 'P-9', why: 'forbidden' }, "Your roles don't cover plan P-9."],
    [{ ok: true, view: { ...view, scenario: null } }, 'P-0007 has no event to simulate.'],
  ] as const)('says why there is none: %#', (event, text) => {
    open();
    const before = figures();
    cleanup();
    open('/capacity?plan=P-9', event);
    expect(screen.getByText(text)).toBeTruthy();
    expect(figures()).toBe(before);
  });

  it('gets the advised instances and the lead of prewarm into its diversion', async () => {
    open('/capacity?plan=P-0007', { ok: true, view });
    const panel = within(screen.getByRole('region', { name: 'Advice' }));
    fireEvent.click(panel.getByRole('button', { name: 'Get advice' }));
    const link = await panel.findByRole('link', { name: /^Use in D-0003, prewarm .+ before T0$/ }, patient);
    const { searchParams } = new URL(link.getAttribute('href') ?? '', 'http://localhost');
    expect(Object.fromEntries(searchParams)).toMatchObject({ connection: 'acme', diversion: 'D-0003' });
    expect(searchParams.get('warm')).toMatch(/:[1-9]\d*$/);
    expect(Number(searchParams.get('prewarm')) % 60).toBe(0);
    expect(panel.getByRole('table', { name: 'Parts of the moved requests' })).toBeTruthy();
  }, 40_000);
});

describe('an imported demand', () => {
  const pick = (text: string) =>
    fireEvent.change(screen.getByLabelText('CSV file with the demand'), {
      target: { files: [new File([text], 'demand.csv')] },
    });

  it('replaces the shape by the series of the file', async () => {
    open();
    pick('time,rps\n0,100\n60,400\n120,200\n');
    expect(await screen.findByText('Imported series')).toBeTruthy();
  });

  it('names line and column of what is wrong, and keeps the demand', async () => {
    open();
    const before = figures();
    pick('time,rps\n0,100\n60,many\n');
    expect(await screen.findByText('Line 3, column 2: “many” is not a number.')).toBeTruthy();
    expect(figures()).toBe(before);
  });
});
