// @vitest-environment happy-dom

import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { NextIntlClientProvider } from 'next-intl';
import { useState } from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import type { EstateChangesView, ObjectChangeView } from '@/lib/contract/estate';
import { messages } from '@/lib/messages/messages';
import { RunId } from '@/lib/run/model/run-id';
import { testTopologyEstate } from '@/testing/components/test-estate';
import { ChangesBody } from './changes-body';
import { ChangesToolbar } from './changes-screen';
import { type ChangesState, parseChangesState } from './changes-state';

const [first, last] = ['2026-11-24T14:00:00.000Z', '2026-11-24T14:05:00.000Z'];
const look = { firstAt: first, lastAt: last, nextAt: null, unread: [] };
const [rule] = testTopologyEstate.rules;
const target = (port: number, health: 'alive' | 'dead' = 'alive') => ({
  kind: 'CVM',
  instanceId: 'ins-1',
  instanceName: 'web-1',
  privateIp: '10.0.0.1',
  port,
  weight: 10,
  health,
});

const moved: ObjectChangeView = {
  name: 'shop.example.co.id/',
  place: 'lb-jkt-shop · HTTP:80 · ap-jakarta',
  measured: false,
  change: {
    kind: 'rules',
    key: 'loc-shop',
    op: 'changed',
    fields: [
      { field: 'targets', removed: [target(8080)], added: [target(9090)] },
      { field: 'scheduler', before: 'WRR', after: 'LEAST_CONN' },
      { field: 'somethingNew', before: null, after: true },
      { field: 'updatedAt', before: first, after: last },
    ],
  },
  after: first,
  by: last,
  who: {
    actors: [
      {
        kind: 'run',
        runId: RunId.parse('R-0007'),
        actor: 'ayu',
        at: last,
        action: 'RegisterTargets',
        requestId: '11111111-2222-4333-8444-555555555555',
      },
      {
        kind: 'user',
        user: 'budi',
        sourceIp: '203.0.113.7',
        at: first,
        action: 'ModifyRule',
        requestId: '66666666-2222-4333-8444-555555555555',
      },
    ],
    trail: { state: 'read' },
  },
};
const sick: ObjectChangeView = {
  ...moved,
  name: 'sick.example.co.id/',
  measured: true,
  change: {
    kind: 'rules',
    key: 'loc-sick',
    op: 'changed',
    fields: [{ field: 'targets', removed: [target(80)], added: [target(80, 'dead')] }],
  },
  who: { actors: [], trail: { state: 'read' } },
};
const gone = (trail: ObjectChangeView['who']['trail']): ObjectChangeView => ({
  ...moved,
  name: 'gone.example.co.id/',
  after: null,
  change: { kind: 'rules', key: 'loc-gone', op: 'removed', object: rule as NonNullable<typeof rule> },
  who: { actors: [], trail },
});
const view = (
  changes: readonly ObjectChangeView[],
  more: Partial<EstateChangesView> = {},
): EstateChangesView => ({
  from: look,
  to: look,
  changes,
  total: changes.length,
  resets: [],
  ...more,
});

function Page({ shown, start }: { readonly shown: EstateChangesView; readonly start: string }) {
  const [state, setState] = useState<ChangesState>(() => parseChangesState(new URLSearchParams(start)));
  const change = (part: Partial<ChangesState>) => setState((known) => ({ ...known, ...part }));
  return (
    <>
      <ChangesToolbar state={state} onChange={change} />
      <ChangesBody view={shown} connectionId="here" state={state} onChange={change} isStale={false} />
    </>
  );
}

const show = (shown: EstateChangesView, start = 'zone=Asia/Jakarta') =>
  render(
    <NextIntlClientProvider locale="en" timeZone="UTC" messages={messages}>
      <Page shown={shown} start={start} />
    </NextIntlClientProvider>,
  );
afterEach(cleanup);

const item = (name: string) => screen.getByRole('heading', { level: 3, name }).closest('li') as HTMLElement;

describe('the changes', () => {
  it('show removed and added items, old and new values, and the actor', () => {
    show(view([moved]));
    const text = item('shop.example.co.id/').textContent ?? '';
    expect(text).toContain('Removed: web-1 (ins-1):8080, weight 10, health alive');
    expect(text).toContain('New: web-1 (ins-1):9090, weight 10, health alive');
    expect(text).toContain('was WRR');
    expect(text).toContain('is LEAST_CONN');
    // A field of a newer model without a label.
    expect(text).toContain('somethingNewwas none is yes');
    expect(text).toContain('was 2026-11-24 14:00:00 UTC is 2026-11-24 14:05:00 UTC');
    expect(text).toMatch(/between .*21:00:00 WIB and .*21:05:00 WIB/);
    expect(text).toContain('Run R-0007, started by ayu');
    expect(text).toContain('budifrom 203.0.113.7ModifyRule');
    const run = within(item('shop.example.co.id/')).getByRole('link', { name: 'R-0007' });
    expect(run.getAttribute('href')).toBe('/runs/R-0007');
  });

  it('describe a deleted object and link to the estate of that moment', () => {
    show(view([gone({ state: 'read' })]));
    const { textContent } = item('gone.example.co.id/');
    expect(textContent).toContain('Deleted');
    expect(textContent).toContain('Removed: name-shop-1 (ins-shop-1):8080');
    const then = within(item('gone.example.co.id/')).getByRole('link', { name: 'View estate then' });
    expect(then.getAttribute('href')).toBe(
      `/estate?${new URLSearchParams({ connection: 'here', at: last })}`,
    );
  });

  it.each([
    ['the cloud audit names no actor', { state: 'read' }],
    ['has more events than were searched', { state: 'partly' }],
    ['the cloud audit is searched after a sync', { state: 'notSearched' }],
    ['could not be read (UnauthorizedOperation)', { state: 'unreadable', code: 'UnauthorizedOperation' }],
  ] as const)('have an unknown actor if %s', (words, trail) => {
    show(view([gone(trail)]));
    expect(item('gone.example.co.id/').textContent).toContain(words);
  });

  it('hide changes without an actor unless requested', () => {
    show(view([moved, sick]));
    expect(screen.queryByText('sick.example.co.id/')).toBeNull();
    fireEvent.click(screen.getByRole('radio', { name: 'With health' }));
    expect(item('sick.example.co.id/').textContent).toContain('None: measured by the cloud');
  });

  it('are found by their object and by their actor', () => {
    show(view([moved, gone({ state: 'read' })]));
    const find = (words: string) =>
      fireEvent.change(screen.getByRole('searchbox', { name: 'Find changes' }), { target: { value: words } });
    find('budi');
    expect(screen.queryByText('gone.example.co.id/')).toBeNull();
    find('gone.example');
    expect(item('gone.example.co.id/')).toBeTruthy();
    find('no such actor');
    fireEvent.click(screen.getByRole('button', { name: 'Clear filter' }));
    expect(item('shop.example.co.id/')).toBeTruthy();
  });

  it('are shown a page at a time', () => {
    const many = Array.from({ length: 70 }, (_, n) => ({
      ...moved,
      name: `n${n}`,
      change: { ...moved.change, key: `loc-${n}` },
    }));
    show(view(many));
    expect(screen.getAllByRole('heading', { level: 3 })).toHaveLength(50);
    fireEvent.click(screen.getByRole('button', { name: 'Show 20 more' }));
    expect(screen.getAllByRole('heading', { level: 3 })).toHaveLength(70);
  });

  it('report when nothing changed, where the history starts, and what was unknown', () => {
    const unread = [{ part: 'dnspod/example.co.id', reason: 'denied' }];
    show(view([], { to: { ...look, unread } }), 'from=2026-11-01T00:00:00Z');
    expect(screen.getByText('No changes between these two points in time')).toBeTruthy();
    expect(screen.getByText(/History starts at/)).toBeTruthy();
    expect(screen.getByText('dnspod/example.co.id')).toBeTruthy();
  });
});

describe('a reset of the sandbox', () => {
  const reset = { id: 1, kind: 'reset', actor: 'citra', at: last, changes: [moved], total: 312 } as const;

  it('is one entry with its actor, which expands to its changes', () => {
    show(view([], { resets: [reset] }));
    const summary = screen.getByText('Sandbox data reset by citra');
    const entry = summary.closest('details') as HTMLDetailsElement;
    expect(entry.open).toBe(false);
    expect(entry.textContent).toContain('312 objects changed');
    expect(entry.textContent).toContain('The first 1 are listed.');
    expect(entry.contains(item('shop.example.co.id/'))).toBe(true);
    expect(screen.queryByText('No changes between these two points in time')).toBeNull();
  });

  it('is found by its actor and by its changes', () => {
    show(view([], { resets: [reset] }), 'q=citra');
    expect(screen.getByText('Sandbox data reset by citra')).toBeTruthy();
    cleanup();
    show(view([], { resets: [reset] }), 'q=loc-shop');
    expect(screen.getByText('Sandbox data reset by citra')).toBeTruthy();
    cleanup();
    show(view([moved], { resets: [reset] }), 'q=nothing');
    expect(screen.queryByText('Sandbox data reset by citra')).toBeNull();
  });
});

describe('the moments', () => {
  it('are chosen by date, time and zone', async () => {
    show(view([]), 'from=2026-11-24T14:00:00Z&zone=Asia/Jakarta');
    fireEvent.click(screen.getByRole('button', { name: /^From .*21:00:00 WIB/ }));
    const time = await screen.findByRole('textbox', { name: 'From: time' });
    expect((time as HTMLInputElement).value).toBe('21:00:00');
    fireEvent.change(time, { target: { value: 'noon' } });
    fireEvent.click(screen.getByRole('button', { name: 'Show' }));
    expect(screen.getByText('Enter a valid date and time.')).toBeTruthy();
    fireEvent.change(time, { target: { value: '20:30:00' } });
    fireEvent.click(screen.getByRole('button', { name: 'Show' }));
    expect(screen.getByRole('button', { name: /^From .*20:30:00 WIB/ })).toBeTruthy();
  });

  it('cannot be in the future', async () => {
    show(view([]));
    fireEvent.click(screen.getByRole('button', { name: /^To now/ }));
    fireEvent.change(await screen.findByLabelText('To: date'), { target: { value: '2999-01-01' } });
    fireEvent.click(screen.getByRole('button', { name: 'Show' }));
    expect(screen.getByText('Enter a time in the past.')).toBeTruthy();
  });

  it('can be moved back by a preset span', () => {
    show(view([]));
    fireEvent.click(screen.getByRole('button', { name: '7 d' }));
    expect(screen.queryByRole('button', { name: /^From a day ago/ })).toBeNull();
  });
});
