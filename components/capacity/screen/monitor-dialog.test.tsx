// @vitest-environment happy-dom

import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HistoryPlacesView, TrafficHistoryView } from '@/lib/contract/capacity';
import type { Reads } from '@/lib/contract/reads';
import { parseRead } from '@/testing/components/parse-read';
import { choose } from '@/testing/components/test-choose';
import { renderPage } from '@/testing/components/test-page';
import { CapacityWorkbench } from './capacity-workbench';

const answered = globalThis.fetch;
const place = {
  region: 'ap-singapore',
  loadBalancerId: 'lb-1',
  listenerId: 'lbl-1',
  domain: 'shop.example.co.id',
  url: null,
};
const places: HistoryPlacesView = {
  places: [
    { place: { ...place, listenerId: null, domain: null }, name: 'front', listener: null },
    { place, name: 'front', listener: 'HTTPS:443' },
    { place: { ...place, url: '/cart' }, name: 'front', listener: 'HTTPS:443' },
  ],
  total: 3,
};
const done = (rps: readonly (number | null)[]): TrafficHistoryView => ({
  state: 'done',
  content: { from: '2026-11-28T17:00:00.000Z', periodS: 60, rps },
  readAt: '2026-11-29T00:00:00.000Z',
  error: null,
});

let answer: TrafficHistoryView;
let asked: Reads['capacity.readHistory']['input'][] = [];

beforeEach(() => {
  asked = [];
  // Mocks the server; everything on the page itself is real.
  globalThis.fetch = async (address) => {
    const { name, input } = parseRead<'capacity.readHistory'>(address);
    if (name === 'capacity.listPlaces') return Response.json(places);
    asked.push(input);
    return Response.json(answer);
  };
});

afterEach(() => {
  cleanup();
  globalThis.fetch = answered;
  window.history.replaceState(null, '', '/capacity');
});

async function open() {
  renderPage(<CapacityWorkbench connections={[{ id: 'acme', name: 'Acme' }]} />);
  fireEvent.click(screen.getByRole('button', { name: 'From Monitor' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Demand of a past event' }));
  return { dialog, read: () => fireEvent.click(dialog.getByRole('button', { name: 'Read requests' })) };
}

const pickShop = (dialog: Awaited<ReturnType<typeof open>>['dialog']) =>
  choose(dialog, 'Requests of', 'shop.example.co.id');
const peak = () => screen.getByLabelText<HTMLInputElement>('Peak').value;

describe('the demand of a past event', () => {
  it('is read for a domain and a span in a zone, and used with its highest point at the event', async () => {
    answer = done([100, 750, 200]);
    const { dialog, read } = await open();
    await pickShop(dialog);
    read();
    expect(await dialog.findByText(/^3 periods of a minute, up to 750 req/)).toBeTruthy();
    const [first] = asked;
    expect(first).toMatchObject({ connectionId: 'acme', place });
    expect(Date.parse(first?.to ?? '') - Date.parse(first?.from ?? '')).toBe(3 * 3_600_000);
    expect(dialog.queryByText(/have no value/)).toBeNull();
    fireEvent.click(dialog.getByRole('button', { name: 'Use as demand' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(screen.getByText('Imported series')).toBeTruthy();
    expect(Number(peak())).toBeGreaterThan(700);
  });

  it('is read for one path of a domain', async () => {
    answer = done([10, 20]);
    const { dialog, read } = await open();
    await choose(dialog, 'Requests of', 'shop.example.co.id/cart');
    read();
    expect(await dialog.findByText(/^2 periods of a minute/)).toBeTruthy();
    expect(asked[0]?.place).toEqual({ ...place, url: '/cart' });
  });

  it('says which periods have no value, and fills them as asked', async () => {
    answer = done([400, null, null, 400, null]);
    const { dialog, read } = await open();
    await pickShop(dialog);
    read();
    expect(await dialog.findByText('3 of 5 periods have no value.')).toBeTruthy();
    expect(dialog.getByText(/17:01:00.*17:03:00.*; .*17:04:00/)).toBeTruthy();
    fireEvent.click(dialog.getByRole('radio', { name: 'A straight line' }));
    fireEvent.click(dialog.getByRole('radio', { name: 'From the start' }));
    fireEvent.click(dialog.getByRole('button', { name: 'Use as demand' }));
    await waitFor(() => expect(peak()).toBe('400'));
  });

  it('is not made of nothing', async () => {
    answer = done([null, null]);
    const { dialog, read } = await open();
    await pickShop(dialog);
    read();
    expect(await dialog.findByText('Monitor has no value for this time.')).toBeTruthy();
    expect(dialog.queryByRole('button', { name: 'Use as demand' })).toBeNull();
  });

  it('says what the cloud refused, with its code, message and request', async () => {
    answer = {
      state: 'failed',
      content: null,
      readAt: null,
      error: {
        code: 'AuthFailure.UnauthorizedOperation',
        message: 'not allowed',
        requestId: 'req-7',
        action: 'GetMonitorData',
        region: 'ap-singapore',
        mayHaveHappened: false,
        advice: 'giveUp',
      },
    };
    const { dialog, read } = await open();
    await pickShop(dialog);
    read();
    expect(await dialog.findByText('AuthFailure.UnauthorizedOperation')).toBeTruthy();
    for (const text of ['not allowed', 'req-7', 'GetMonitorData, ap-singapore'])
      expect(dialog.getByText(text)).toBeTruthy();
  });

  it('says at its field what is wrong with the question, and asks nothing', async () => {
    const { dialog, read } = await open();
    read();
    expect(dialog.getByText('Choose a load balancer, a domain or a path.')).toBeTruthy();
    await pickShop(dialog);
    fireEvent.change(dialog.getByLabelText(/^Start.*date|date.*Start/i), { target: { value: '2020-01-01' } });
    fireEvent.change(dialog.getByLabelText(/^End.*date|date.*End/i), { target: { value: '2020-01-01' } });
    read();
    expect(dialog.getByText(/^(Monitor keeps values for at most|Enter a time after the start)/)).toBeTruthy();
    expect(asked).toEqual([]);
  });

  it('says that the question is refused', async () => {
    answer = { state: 'refused', problem: 'busy' };
    const { dialog, read } = await open();
    await pickShop(dialog);
    read();
    expect(await dialog.findByText(/^Three events of this account are being read/)).toBeTruthy();
  });
});
