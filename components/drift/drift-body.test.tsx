// @vitest-environment happy-dom

import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ConnectionView } from '@/lib/contract/connection';
import type { DriftedView, DriftView, ExpectedBy } from '@/lib/contract/drift';
import type { ActorView } from '@/lib/contract/estate';
import { ConnectionId } from '@/lib/estate/ids';
import type { ObjectRef, ObjectState } from '@/lib/estate/object';
import { PlanId } from '@/lib/plan/model/model';
import { err, ok } from '@/lib/result';
import { RunId } from '@/lib/run/model/run-id';
import { renderPage } from '@/testing/components/test-page';
import { DriftBody } from './drift-body';

const [first, last] = ['2026-11-24T14:00:00.000Z', '2026-11-24T14:05:00.000Z'];
const connection: ConnectionView = {
  id: 'here',
  name: 'niaga',
  uin: null,
  portOffset: 0,
  isolation: null,
  kind: 'sandbox',
};
const by: ExpectedBy = {
  planId: PlanId.parse('P-0412'),
  runId: RunId.parse('R-0398'),
  name: '12.12 flash',

  leftAt: first,
};
const warm: ObjectRef = {
  kind: 'provisioned',
  region: 'ap-jakarta',
  namespace: 'flash',
  name: 'checkout',
  qualifier: '7',
};
const name: ObjectRef = {
  kind: 'recordSet',
  zone: 'example.co.id',
  subdomain: 'flash',
  lineId: '0',
  line: '默认',
};
const instances = (count: number): ObjectState => ({ kind: 'provisioned', instances: count });
const records = (ttlS: number): ObjectState => ({
  kind: 'recordSet',
  records: [{ type: 'A', value: '203.0.113.7', ttlS, weight: null, enabled: true }],
});
const user: ActorView = {
  kind: 'user',
  user: 'ops-batch',
  sourceIp: null,
  at: last,
  action: 'PutProvisionedConcurrencyConfig',
  requestId: '66666666-2222-4333-8444-555555555555',
};

const lowered: DriftedView = {
  key: 'warm',
  object: warm,
  expected: instances(400),
  found: instances(350),
  mark: 'aa',
  by,
  accepted: null,
  since: { after: first, by: last },
  restore: { kind: 'plan' },
  who: { actors: [user], trail: { state: 'read' } },
};
const slower: DriftedView = {
  key: 'name',
  object: name,
  expected: records(60),
  found: records(600),
  mark: 'bb',
  by,
  accepted: null,
  since: null,
  restore: { kind: 'plan' },
  who: { actors: [], trail: { state: 'notSearched' } },
};
const view = (part: Partial<DriftView>): DriftView => ({
  takenAt: last,
  watched: 3,
  drifted: [],
  unknown: [],
  accepted: [],
  ...part,
});

const acceptDrift = vi.fn();
const restoreDrift = vi.fn();
const show = (shown: Partial<DriftView>, isStale = false) =>
  renderPage(
    <DriftBody
      view={view(shown)}
      connection={connection}
      actions={{ acceptDrift, restoreDrift }}
      isStale={isStale}
    />,
  );
afterEach(() => {
  cleanup();
  vi.resetAllMocks();
});

const item = (heading: string) =>
  screen.getByRole('heading', { level: 3, name: heading }).closest('li') as HTMLElement;
const checkout = 'flash/checkout:7 (ap-jakarta)';

describe('the drift', () => {
  it('shows what was expected and found, when it changed and the actor', () => {
    show({ drifted: [lowered, slower] });
    const text = item(checkout).textContent ?? '';
    expect(text).toContain('400 warm instances');
    expect(text).toContain('350 warm instances');
    expect(text).toContain('ops-batch');
    expect(text).toMatch(/Changed between .*14:00:00 UTC and .*14:05:00 UTC/);
    expect(item('flash.example.co.id').textContent).toContain('Time of change unknown');
    expect(screen.getByRole('link', { name: 'P-0412' }).getAttribute('href')).toBe('/plans/P-0412');
    expect(screen.getByRole('link', { name: 'R-0398' }).getAttribute('href')).toBe('/runs/R-0398');
    const changes = within(item(checkout)).getByRole('link', { name: 'View changes' });
    expect(changes.getAttribute('href')).toBe(
      `/changes?${new URLSearchParams({ connection: 'here', from: first })}`,
    );
  });

  it('names another account and links to its changes', () => {
    const theirs: ObjectRef = { ...warm, connectionId: ConnectionId.parse('there') };
    show({ drifted: [{ ...lowered, object: theirs }] });
    expect(item(checkout).textContent).toContain('account there');
    const changes = within(item(checkout)).getByRole('link', { name: 'View changes' });
    expect(changes.getAttribute('href')).toContain('connection=there');
  });

  it.each([
    [{ kind: 'open', runId: RunId.parse('R-0402') } as const, 'while R-0402 is open'],
    [{ kind: 'cannot', reason: 'placeGone' } as const, 'function version is gone'],
    [{ kind: 'cannot', reason: 'recreated' } as const, 'gets a new ID'],
    [{ kind: 'cannot', reason: 'absent' } as const, 'it should not exist'],
    [{ kind: 'cannot', reason: 'extraRecord' } as const, 'a record was added'],
    [{ kind: 'cannot', reason: 'stuck' } as const, 'every order of single calls'],
  ])('offers no restore without a plan, with the reason: %j', (restore, why) => {
    show({ drifted: [{ ...lowered, restore }] });
    expect(item(checkout).textContent).toContain(why);
    expect(within(item(checkout)).queryByRole('button', { name: /^Restore/ })).toBeNull();
    expect(within(item(checkout)).getByRole('button', { name: /^Accept drift/ })).toBeTruthy();
  });

  it('is restored by a plan for one object or all, which is opened for review', async () => {
    restoreDrift.mockResolvedValue(ok({ planId: 'P-0413' }));
    const { visited } = show({ drifted: [lowered, slower] });
    fireEvent.click(screen.getByRole('button', { name: `Restore ${checkout}…` }));
    await waitFor(() => expect(visited).toEqual(['/plans/P-0413']));
    expect(restoreDrift.mock.lastCall).toMatchObject([{ connectionId: 'here', keys: ['warm'] }]);
    fireEvent.click(screen.getByRole('button', { name: 'Restore all 2…' }));
    await waitFor(() => expect(visited).toHaveLength(2));
    expect(restoreDrift.mock.lastCall).toMatchObject([{ keys: ['warm', 'name'] }]);
  });

  it('shows why no plan was created', async () => {
    restoreDrift.mockResolvedValue(err({ fields: {}, form: { message: 'drift.gone' } }));
    show({ drifted: [lowered] });
    fireEvent.click(screen.getByRole('button', { name: `Restore ${checkout}…` }));
    expect((await screen.findByRole('alert')).textContent).toContain('This is no longer drift.');
  });

  it('is accepted with a reason', async () => {
    acceptDrift.mockResolvedValue(ok(null));
    show({ drifted: [lowered] });
    fireEvent.click(screen.getByRole('button', { name: `Accept drift of ${checkout}…` }));
    const dialog = within(await screen.findByRole('dialog'));
    expect(dialog.getByText(/Rolling back R-0398 will stop/)).toBeTruthy();
    fireEvent.change(dialog.getByRole('textbox', { name: 'Reason' }), {
      target: { value: 'less is enough' },
    });
    fireEvent.click(dialog.getByRole('button', { name: 'Accept drift' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(acceptDrift.mock.lastCall).toMatchObject([
      { connectionId: 'here', objects: [{ key: 'warm', mark: 'aa' }], reason: 'less is enough' },
    ]);
  });

  it('can be accepted for all listed objects', async () => {
    acceptDrift.mockResolvedValue(
      err({ fields: {}, form: { message: 'drift.changed', values: { object: checkout } } }),
    );
    show({ drifted: [lowered, slower] });
    fireEvent.click(screen.getByRole('button', { name: 'Accept all 2…' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Accept drift of 2 objects?' }));
    expect(dialog.getByText('flash.example.co.id')).toBeTruthy();
    fireEvent.click(dialog.getByRole('button', { name: 'Accept drift' }));
    expect((await dialog.findByRole('alert')).textContent).toContain('has changed again since you opened it');
    expect(acceptDrift.mock.lastCall?.[0].objects).toHaveLength(2);
  });

  it('is listed with previously accepted drift', () => {
    const accepted = { actor: 'ayu', reason: 'enough for now', at: first };
    show({ drifted: [{ ...lowered, accepted }] });
    expect(item(checkout).textContent).toContain('Expected, accepted');
    expect(item(checkout).textContent).toMatch(/Accepted by ayu at .*14:00:00 UTC: enough for now/);
  });

  it('is listed in the order of the latest plans', () => {
    const older = { ...by, planId: PlanId.parse('P-0400'), leftAt: '2026-11-20T00:00:00.000Z' };
    show({ drifted: [{ ...slower, by: older }, lowered] });
    const plans = screen.getAllByRole('link', { name: /^P-/ }).map(({ textContent }) => textContent);
    expect(plans).toEqual(['P-0412', 'P-0400']);
  });
});

describe('the absence of drift', () => {
  it('is shown with the number of objects', () => {
    show({});
    expect(screen.getByText('No drift, 3 objects are watched')).toBeTruthy();
    expect(screen.getByText('All 3 objects that applied plans changed are as expected.')).toBeTruthy();
  });

  it('is not shown for unknown objects', () => {
    const why = { unread: { kind: 'unread', part: 'scf/ap-jakarta/flash/checkout' } as const };
    show({
      unknown: [
        { key: 'a', object: warm, by, why: why.unread },
        { key: 'b', object: name, by, why: { kind: 'notSynced' } },
        {
          key: 'c',
          object: { ...name, subdomain: 'sale' },
          by,
          why: { kind: 'busy', runId: RunId.parse('R-0402') },
        },
      ],
    });
    expect(screen.getByText('No known drift')).toBeTruthy();
    expect(item(checkout).textContent).toContain('scf/ap-jakarta/flash/checkout could not be read');
    expect(item('flash.example.co.id').textContent).toContain('Not synced since');
    expect(item('sale.example.co.id').textContent).toContain('R-0402 still has to write to it');
  });

  it('is not shown before a plan is applied or on a stale page', () => {
    show({ watched: 0 }, true);
    expect(screen.getByText('No applied plan to compare with')).toBeTruthy();
    expect(screen.getByRole('alert').textContent).toContain('could not be loaded');
  });

  it('lists accepted drift with actor and reason', () => {
    const accepted = { actor: 'ayu', reason: 'enough for now', at: first };
    show({
      accepted: [
        { key: 'warm', object: warm, by, expected: instances(400), found: instances(350), accepted },
      ],
    });
    expect(item(checkout).textContent).toContain('enough for now');
    expect(item(checkout).textContent).toContain('350 warm instances');
  });
});
