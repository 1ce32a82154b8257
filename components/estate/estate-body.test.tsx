// @vitest-environment happy-dom
// The page loads it on demand: here it is there at once.
import './detail-panel';
import '@/components/topology/topology-view';
import { cleanup, configure, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { summarizeEstate } from '@/lib/estate/topology/summarize-estate';
import { testTopologyEstate } from '@/testing/components/test-estate';
import { serveEstate } from '@/testing/components/test-estate-server';
import { renderPage } from '@/testing/components/test-page';
import { EstateBody } from './estate-body';
import { type EstateViewState, parseViewState } from './view-state';

const sandbox = {
  id: 'sandbox',
  name: 'niaga',
  kind: 'sandbox',
  uin: '100028471935',
  portOffset: 0,
  isolation: 'jail',
} as const;

function Page({ start }: { readonly start: EstateViewState }) {
  const [state, setState] = useState(start);
  return (
    <EstateBody
      estate={summarizeEstate(testTopologyEstate)}
      version={{ version: '1', at: null }}
      connection={sandbox}
      state={state}
      onChange={(part) => setState((known) => ({ ...known, ...part }))}
    />
  );
}

function show(part: Partial<EstateViewState> = {}, drifted?: ReadonlySet<string>) {
  serveEstate(testTopologyEstate, drifted);
  renderPage(<Page start={{ ...parseViewState(new URLSearchParams('view=list')), ...part }} />);
}

// A timeout for a hang, not a performance limit.
configure({ asyncUtilTimeout: 20_000 });

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const rows = () => within(screen.getByRole('table')).getAllByRole('row').slice(1);
const rowsOnceRead = async (count: number) => {
  await waitFor(() => {
    expect(rows()).toHaveLength(count);
    expect(screen.queryByText('Loading')).toBeNull();
  });
  return rows();
};
const panel = () => screen.findByRole('complementary', { name: 'Selected node' });
const node = (id: string) => document.querySelector<HTMLElement>(`[data-node="${id}"]`);
const nodeOnceDrawn = async (id: string) => {
  await waitFor(() => expect(node(id)).not.toBeNull());
  return node(id) as HTMLElement;
};

describe('the list', () => {
  it('has a row for each path from a name to a backend', async () => {
    show();
    expect((await rowsOnceRead(9)).map((row) => row.textContent)).toContainEqual(
      expect.stringContaining('checkout.example.co.idCNAME lb-sin.clb.example.net'),
    );
    expect(screen.getByRole('table').getAttribute('aria-rowcount')).toBe('10');
    expect(rows()[0]?.getAttribute('aria-rowindex')).toBe('2');
  });

  it('sorts by a column in both directions', async () => {
    show();
    await rowsOnceRead(9);
    const head = screen.getByRole('columnheader', { name: 'Region' });
    fireEvent.click(within(head).getByRole('button'));
    expect(head.getAttribute('aria-sort')).toBe('ascending');
    await waitFor(() => expect(rows()[0]?.textContent).toContain('ap-jakarta'));
    fireEvent.click(within(head).getByRole('button'));
    expect(head.getAttribute('aria-sort')).toBe('descending');
    await waitFor(() => expect(rows()[0]?.textContent).toContain('ap-singapore'));
  });

  it('marks a record without a destination and a disabled record', async () => {
    show({ search: 'old.example' });
    expect((await rowsOnceRead(1))[0]?.textContent).toContain('Points outside this estate');
    cleanup();
    show({ search: 'flash.example' });
    expect((await rowsOnceRead(1))[0]?.textContent).toContain('Disabled');
  });

  it('filters by search and offers to clear the filter', async () => {
    show();
    await rowsOnceRead(9);
    fireEvent.change(screen.getByRole('searchbox', { name: 'Find in estate' }), {
      target: { value: 'vouchr' },
    });
    expect(await screen.findByText('Nothing matches “vouchr”')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Clear filter' }));
    await rowsOnceRead(9);
  });

  it('shows the routes that have drifted, and a single one on the map', async () => {
    show({ state: 'drifted' }, new Set(['ru:loc-shop']));
    const [row] = await rowsOnceRead(1);
    expect(row?.textContent).toContain('Drifted');
    fireEvent.click(within(row as HTMLElement).getByRole('button', { name: 'Focus on this route' }));
    expect(await nodeOnceDrawn('ru:loc-shop')).toBeTruthy();
    expect(node('ls:lbl-tcp')).toBeNull();
    fireEvent.click(screen.getByRole('button', { name: 'Clear focus' }));
    expect(screen.queryByText('Showing only routes through')).toBeNull();
  });
});

describe('the panel', () => {
  it('opens for a row with the facts of its backend, and links to other nodes', async () => {
    show({ search: 'lb-sin-checkout scf' });
    await rowsOnceRead(1);
    fireEvent.click(screen.getByRole('button', { name: 'checkout.example.co.id' }));
    expect(within(await panel()).getByRole('heading', { name: 'flash/checkout:1' })).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'checkout.example.co.id/' }));
    await waitFor(async () => expect((await panel()).textContent).toContain('curl --insecure'));
  });

  it('shows how to send a request directly to an HTTP rule', async () => {
    show({ node: 'ru:loc-shop' });
    expect(await screen.findByText("curl -H 'Host: shop.example.co.id' 'http://127.77.0.10/'")).toBeTruthy();
  });

  it('closes with Escape, and / focuses the search', async () => {
    show({ node: 'lb:lb-jkt' });
    await panel();
    fireEvent.keyDown(document.body, { key: 'Escape' });
    expect(screen.queryByRole('complementary', { name: 'Selected node' })).toBeNull();
    fireEvent.keyDown(document.body, { key: '/' });
    expect(document.activeElement).toBe(screen.getByRole('searchbox'));
  });

  it('links to a new diversion of this connection', () => {
    show({});
    expect(screen.getByRole('link', { name: 'New diversion' }).getAttribute('href')).toBe(
      '/diversions/new?connection=sandbox',
    );
  });
});

describe('the map', () => {
  it('initially shows names and load balancers, with one node in the tab order', async () => {
    show({ view: 'graph' });
    const balancer = await nodeOnceDrawn('lb:lb-jkt');
    expect(balancer.textContent).toContain('2 listeners · 2 forwarding rules · 4 targets');
    const nodes = document.querySelectorAll('button[data-node]');
    expect(nodes).toHaveLength(8);
    expect([...nodes].filter((each) => each.getAttribute('tabindex') === '0')).toHaveLength(1);
  });

  it('selects by click, and moves and opens by keyboard', async () => {
    show({ view: 'graph' });
    const host = await nodeOnceDrawn('host:shop.example.co.id');
    fireEvent.click(host);
    expect(host.getAttribute('aria-pressed')).toBe('true');
    fireEvent.keyDown(host, { key: 'ArrowRight' });
    expect(node('lb:lb-jkt')?.getAttribute('aria-pressed')).toBe('true');
    expect(document.activeElement).toBe(node('lb:lb-jkt'));
    fireEvent.keyDown(node('lb:lb-jkt') as HTMLElement, { key: 'ArrowRight' });
    await nodeOnceDrawn('ls:lbl-web');
    expect(node('lb:lb-jkt')?.getAttribute('aria-expanded')).toBe('true');
    fireEvent.keyDown(node('lb:lb-jkt') as HTMLElement, { key: 'ArrowRight' });
    expect(document.activeElement).toBe(node('ls:lbl-web'));
    fireEvent.keyDown(node('lb:lb-jkt') as HTMLElement, { key: '-' });
    await waitFor(() => expect(node('ls:lbl-web')).toBeNull());
  });

  it('expands all of a small estate, and collapses it again', async () => {
    show({ view: 'graph' });
    fireEvent.click(await screen.findByRole('button', { name: 'Open all' }));
    await nodeOnceDrawn('ru:loc-shop');
    expect(document.querySelectorAll('button[data-node]')).toHaveLength(18);
    fireEvent.click(screen.getByRole('button', { name: 'Close all' }));
    await waitFor(() => expect(node('ru:loc-shop')).toBeNull());
  });

  it('focuses on the routes of a node by key, and shows that', async () => {
    show({ view: 'graph' });
    fireEvent.keyDown(await nodeOnceDrawn('host:checkout.example.co.id'), { key: 'f' });
    await nodeOnceDrawn('ru:loc-checkout');
    expect(node('host:shop.example.co.id')).toBeNull();
    expect(screen.getByText('Showing only routes through')).toBeTruthy();
  });

  it('shows for each region whether functions can be bound there', async () => {
    show({ view: 'graph' });
    expect(await screen.findByText('No SCF binding in this region')).toBeTruthy();
    expect(screen.getByText('SCF binding available')).toBeTruthy();
  });
});
