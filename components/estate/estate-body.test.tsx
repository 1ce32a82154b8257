// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { NextIntlClientProvider } from 'next-intl';
import { useState } from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import { messages } from '@/lib/messages/messages';
import { testTopologyEstate } from '@/testing/components/test-estate';
import { EstateBody } from './estate-body';
import type { EstateViewState } from './view-state';

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
      estate={testTopologyEstate}
      connection={sandbox}
      state={state}
      onChange={(part) => setState((known) => ({ ...known, ...part }))}
    />
  );
}

function show(part: Partial<EstateViewState> = {}) {
  const start = {
    view: 'list',
    search: '',
    region: null,
    node: null,
    at: null,
    zone: null,
    ...part,
  } as const;
  render(
    <NextIntlClientProvider locale="en" timeZone="UTC" messages={messages}>
      <Page start={start} />
    </NextIntlClientProvider>,
  );
}

afterEach(cleanup);

const rows = () => within(screen.getByRole('table')).getAllByRole('row').slice(1);
const panel = () => screen.queryByRole('complementary', { name: 'Selected node' });

describe('the list', () => {
  it('has a row for each path from a name to a backend', () => {
    show();
    expect(rows().map((row) => row.textContent)).toContainEqual(
      expect.stringContaining('checkout.example.co.idCNAME lb-sin.clb.example.net'),
    );
    expect(rows()).toHaveLength(9);
  });

  it('sorts by a column in both directions', () => {
    show();
    const head = screen.getByRole('columnheader', { name: 'Region' });
    fireEvent.click(within(head).getByRole('button'));
    expect(head.getAttribute('aria-sort')).toBe('ascending');
    expect(rows()[0]?.textContent).toContain('ap-jakarta');
    fireEvent.click(within(head).getByRole('button'));
    expect(head.getAttribute('aria-sort')).toBe('descending');
    expect(rows()[0]?.textContent).toContain('ap-singapore');
  });

  it('marks a record without a destination and a disabled record', () => {
    show({ search: 'old.example' });
    expect(rows()[0]?.textContent).toContain('Leads to nothing in this estate');
    cleanup();
    show({ search: 'flash.example' });
    expect(rows()[0]?.textContent).toContain('Disabled');
  });

  it('filters by search and offers to clear the filter', () => {
    show();
    fireEvent.change(screen.getByRole('searchbox', { name: 'Find in estate' }), {
      target: { value: 'vouchr' },
    });
    expect(screen.getByText('Nothing matches “vouchr”')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Clear filter' }));
    expect(rows()).toHaveLength(9);
  });
});

describe('the panel', () => {
  it('opens for a row with the facts of its backend, and links to other nodes', () => {
    show({ search: 'lb-sin-checkout scf' });
    fireEvent.click(screen.getByRole('button', { name: 'checkout.example.co.id' }));
    expect(within(panel() as HTMLElement).getByRole('heading', { name: 'flash/checkout:1' })).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'checkout.example.co.id/' }));
    expect(panel()?.textContent).toContain('curl --insecure');
  });

  it('shows how to send a request to an HTTP rule directly', () => {
    show({ node: 'ru:loc-shop' });
    expect(screen.getByText("curl -H 'Host: shop.example.co.id' 'http://127.77.0.10/'")).toBeTruthy();
  });

  it('closes with Escape, and / focuses the search', () => {
    show({ node: 'lb:lb-jkt' });
    expect(panel()).not.toBeNull();
    fireEvent.keyDown(document.body, { key: 'Escape' });
    expect(panel()).toBeNull();
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

describe('the graph', () => {
  it('has a button for each node, one of them in the tab order', () => {
    show({ view: 'graph' });
    const nodes = document.querySelectorAll('button[data-node]');
    expect(nodes).toHaveLength(18);
    expect([...nodes].filter((node) => node.getAttribute('tabindex') === '0')).toHaveLength(1);
  });

  it('selects by click and moves by arrow keys', () => {
    show({ view: 'graph' });
    const host = document.querySelector('[data-node="host:shop.example.co.id"]') as HTMLElement;
    fireEvent.click(host);
    expect(host.getAttribute('aria-pressed')).toBe('true');
    fireEvent.keyDown(host, { key: 'ArrowRight' });
    const balancer = document.querySelector('[data-node="lb:lb-jkt"]');
    expect(balancer?.getAttribute('aria-pressed')).toBe('true');
    expect(document.activeElement).toBe(balancer);
  });

  it('says for each region whether functions can be bound there', () => {
    show({ view: 'graph' });
    expect(screen.getByText('No SCF binding in this region')).toBeTruthy();
    expect(screen.getByText('SCF binding available')).toBeTruthy();
  });
});
