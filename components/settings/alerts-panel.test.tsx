// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { defaultAlertEvents } from '@/lib/alerts/alert';
import type { AlertChannelsView } from '@/lib/contract/alert';
import { err, ok } from '@/lib/result';
import { choose } from '@/testing/components/test-choose';
import { renderPage } from '@/testing/components/test-page';
import { AlertsPanel, type AlertsPanelProps } from './alerts-panel';

const stored: AlertChannelsView = {
  channels: [
    {
      id: 'c1',
      name: 'On-call',
      kind: 'slack',
      host: 'hooks.slack.com',
      events: ['stopped', 'failover'],
      minSeverity: 'warning',
      connectionId: 'sandbox',
      regions: [],
      domains: ['*.example.com'],
      leadMinutes: [60, 10],
    },
  ],
  deliveries: [
    {
      id: 2,
      channelName: 'On-call',
      event: 'stopped',
      title: 'Run stopped: Sale',
      text: 'sari stopped the run.',
      path: '/runs/R-0001',
      delivery: 'waiting',
      attempts: 2,
      error: 'status 503',
      at: '2026-12-12T00:00:00.000Z',
      nextAt: '2026-12-12T00:01:00.000Z',
    },
  ],
};

beforeEach(() => {
  vi.stubGlobal('fetch', async () => Response.json(stored));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function show(actions: Partial<AlertsPanelProps> = {}) {
  renderPage(
    <AlertsPanel
      initial={stored}
      connections={[{ id: 'sandbox', name: 'Sandbox' }]}
      addChannel={async () => err({ fields: { url: ['alertChannel.url'] }, form: null })}
      changeChannel={async () => ok({ secret: null })}
      removeChannel={async () => ok(null)}
      testChannel={async () => ok(null)}
      {...actions}
    />,
  );
}
async function openForm() {
  fireEvent.click(screen.getByRole('button', { name: 'Add channel' }));
  return within(await screen.findByRole('dialog', { name: 'Add an alert channel' }));
}

it('shows channels without their targets, and why a delivery waits', () => {
  show();
  const [, row] = within(screen.getByRole('table', { name: 'Alerts' })).getAllByRole('row');
  expect(row?.textContent).toContain('On-callSlack (webhook) · hooks.slack.com');
  expect(row?.textContent).toContain('Run stopped, FailoverWarning and critical, Sandbox, *.example.com');
  const log = within(screen.getByRole('table', { name: 'Deliveries' }));
  expect(log.getByRole('link', { name: 'Run stopped: Sale' }).getAttribute('href')).toBe('/runs/R-0001');
  expect(log.getByText('Retrying')).toBeTruthy();
  expect(log.getByText('2 attempts: status 503')).toBeTruthy();
});

it('adds a webhook that is quiet by default, and shows its secret once', async () => {
  const addChannel = vi.fn(async () => ok({ id: 'c2', secret: 'whsec_secret' }));
  show({ addChannel });
  const form = await openForm();
  fireEvent.change(form.getByRole('textbox', { name: 'Name' }), { target: { value: 'Pager' } });
  const url = 'https://hooks.example.com/x';
  fireEvent.change(form.getByRole('textbox', { name: 'Address' }), { target: { value: url } });
  fireEvent.click(form.getByRole('button', { name: 'Add channel' }));
  expect(await screen.findByText('whsec_secret')).toBeTruthy();
  expect(addChannel).toHaveBeenCalledWith({
    name: 'Pager',
    kind: 'webhook',
    url,
    secret: null,
    conversation: null,
    mail: null,
    events: defaultAlertEvents,
    minSeverity: 'info',
    connectionId: null,
    regions: [],
    domains: [],
    leadMinutes: [60, 10],
  });
  fireEvent.click(screen.getByRole('button', { name: 'Close' }));
  const again = await openForm();
  expect(screen.queryByText('whsec_secret')).toBeNull();
  expect(again.getByRole('textbox', { name: 'Address' })).toHaveProperty('value', '');
});

it('shows what is wrong at its field', async () => {
  show();
  const form = await openForm();
  fireEvent.click(form.getByRole('button', { name: 'Add channel' }));
  expect(await screen.findByText(/Enter an address such as https:/)).toBeTruthy();
});

it('sends a test alert, changes the alerts of a channel, and removes it after a confirmation', async () => {
  const testChannel = vi.fn(async () => ok(null));
  const changeChannel = vi.fn(async () => ok({ secret: 'whsec_new' }));
  const removeChannel = vi.fn(async () => ok(null));
  show({ testChannel, changeChannel, removeChannel });
  fireEvent.click(screen.getByRole('button', { name: 'Send test alert to On-call' }));
  await waitFor(() => expect(testChannel).toHaveBeenCalledWith({ id: 'c1' }));
  fireEvent.click(screen.getByRole('button', { name: 'Change On-call' }));
  const form = within(await screen.findByRole('dialog', { name: 'Change “On-call”' }));
  fireEvent.click(form.getByRole('checkbox', { name: 'Run started' }));
  expect(form.queryByRole('textbox', { name: 'Minutes before T0 and T1' })).toBeNull();
  fireEvent.click(form.getByRole('checkbox', { name: 'T0 soon' }));
  const lists = { 'Minutes before T0 and T1': '30', Regions: 'ap-jakarta ap-singapore', Domains: '' };
  for (const [name, value] of Object.entries(lists))
    fireEvent.change(form.getByRole('textbox', { name }), { target: { value } });
  fireEvent.click(form.getByRole('button', { name: 'Save changes' }));
  const route = {
    name: 'On-call',
    events: ['stopped', 'failover', 'startsSoon', 'runStarted'],
    minSeverity: 'warning',
    connectionId: 'sandbox',
    regions: ['ap-jakarta', 'ap-singapore'],
    domains: [],
    leadMinutes: [30],
  };
  await waitFor(() => expect(changeChannel).toHaveBeenCalledWith({ id: 'c1', ...route, target: null }));
  fireEvent.click(await screen.findByRole('button', { name: 'Close' }));
  fireEvent.click(screen.getByRole('button', { name: 'Remove On-call' }));
  fireEvent.click(await screen.findByRole('button', { name: 'Remove channel' }));
  await waitFor(() => expect(removeChannel).toHaveBeenCalledWith({ id: 'c1' }));
});

it('adds e-mail with its recipients, and replaces a target as a whole', async () => {
  const addChannel = vi.fn(async () => ok({ id: 'c2', secret: null }));
  const changeChannel = vi.fn(async () =>
    err({ fields: { 'target.url': ['alertChannel.url'] }, form: null }),
  );
  show({ addChannel, changeChannel });
  const form = await openForm();
  await choose(form, 'Kind', 'E-mail');
  const typed = {
    Name: 'Shop team',
    Address: 'smtp://smtp.example.com:587',
    Sender: 'spillway@example.com',
    Recipients: 'sari@example.com, budi@example.com',
  };
  for (const [name, value] of Object.entries(typed))
    fireEvent.change(form.getByRole('textbox', { name }), { target: { value } });
  fireEvent.click(form.getByRole('button', { name: 'Add channel' }));
  await waitFor(() =>
    expect(addChannel).toHaveBeenCalledWith(
      expect.objectContaining({
        kind: 'email',
        url: typed.Address,
        secret: null,
        mail: { user: null, from: typed.Sender, to: ['sari@example.com', 'budi@example.com'] },
      }),
    ),
  );
  fireEvent.click(screen.getByRole('button', { name: 'Change On-call' }));
  const change = within(await screen.findByRole('dialog', { name: 'Change “On-call”' }));
  fireEvent.click(change.getByRole('checkbox', { name: 'Enter another target' }));
  fireEvent.click(change.getByRole('button', { name: 'Save changes' }));
  expect(await change.findByText(/Enter an address such as https:/)).toBeTruthy();
});
