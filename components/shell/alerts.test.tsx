// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type {
  AcknowledgeAlertAction,
  AlertReason,
  OwnAlertsView,
  OwnAlertView,
  ReopenAlertAction,
} from '@/lib/contract/alert';
import { err, ok } from '@/lib/result';
import { RunId } from '@/lib/run/model/run-id';
import { renderPage } from '@/testing/components/test-page';
import { noAlerts, testRail } from '@/testing/components/test-rail';
import { Alerts } from './alerts';
import { AppShell } from './app-shell';
import { RailCounts } from './rail-counts';

const since = '2026-12-12T00:00:00.000Z';
const stopped: OwnAlertView = {
  mayAcknowledge: true,
  subject: { kind: 'run', id: RunId.parse('R-0007') },
  name: '12.12 flash split',
  occurrence: '41',
  since,
  reason: { kind: 'guardStopped', measure: 'errorRate', value: 12, limit: 5 },
};
const failedOver: OwnAlertView = {
  mayAcknowledge: true,
  subject: { kind: 'switch', id: 'S-0002' },
  name: 'sale.example.com',
  occurrence: 'R-0003',
  since,
  reason: { kind: 'failedOver', toward: 'function', progress: 'moved' },
};
const both: OwnAlertsView = {
  open: [stopped, failedOver],
  runs: { open: 1, acknowledged: 0 },
  switches: { open: 1, acknowledged: 0 },
};
/** The alerts on the server. */
let stored: OwnAlertsView;
beforeEach(() => {
  document.title = 'Estate · Spillway';
  vi.stubGlobal('fetch', async () => Response.json(testRail({ alerts: stored })));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const reopened: unknown[] = [];
const reopenAlert: ReopenAlertAction = async (input) => {
  reopened.push(input);
  stored = both;
  return ok(null);
};

function open(alerts: OwnAlertsView, acknowledgeAlert: AcknowledgeAlertAction = async () => ok(null)) {
  stored = alerts;
  return renderPage(
    <RailCounts initial={testRail({ alerts })}>
      <Alerts acknowledgeAlert={acknowledgeAlert} reopenAlert={reopenAlert}>
        <AppShell connections={[]} connectionId={null} section={null} head={{ title: 'Estate' }}>
          content
        </AppShell>
      </Alerts>
    </RailCounts>,
  );
}
const banner = () => within(screen.getByRole('region', { name: 'Needs attention' }));

it('shows on every page which run and Switch need attention, why, since when, with links', () => {
  open(both);
  const [run, failover] = banner().getAllByRole('listitem');
  expect(run?.textContent).toContain(
    '12.12 flash split R-0007 A guard stopped the run: Error rate is 12 %, above 5 %.',
  );
  expect(run?.querySelector('time')?.dateTime).toBe(since);
  expect(failover?.textContent).toContain('sale.example.com S-0002 Failed over to SCF. Since');
  expect(banner().getByRole('link', { name: 'R-0007' }).getAttribute('href')).toBe('/runs/R-0007');
  expect(banner().getByRole('link', { name: 'S-0002' }).getAttribute('href')).toBe('/failover');
});

it.each([
  [{ progress: 'moving' }, 'Failing over to SCF.'],
  [{ progress: 'stopped' }, 'The failover to SCF stopped before its end. Its run waits for your decision.'],
  [{ progress: 'rolledBack' }, 'The failover to SCF was rolled back. Failover is disabled.'],
  [{ progress: 'leftAsIs' }, 'The failover to SCF was left as is. Some traffic may not have moved.'],
  [
    { why: 'receiverFails' },
    "CVM fails, and failover can't move traffic: the other side has not passed its probes.",
  ],
  [{ why: 'blocked' }, 'CVM fails, and failover is blocked. See Failover for the reason.'],
] as const)('shows the state of a failover that has not moved traffic: %j', (how, words) => {
  const reason: AlertReason =
    'why' in how
      ? { kind: 'failoverStuck', serving: 'cvm', why: how.why }
      : { kind: 'failedOver', toward: 'function', progress: how.progress };
  open({ ...both, open: [{ ...failedOver, reason }], runs: { open: 0, acknowledged: 0 } });
  expect(banner().getByRole('listitem').textContent).toContain(`sale.example.com S-0002 ${words} Since`);
  expect(document.title).toBe('(1) Estate · Spillway');
});

it('lists three at a time, and counts the others', () => {
  const open5 = Array.from({ length: 5 }, (_, index) => ({ ...stopped, occurrence: String(index) }));
  open({ ...noAlerts, open: open5, runs: { open: 30, acknowledged: 0 } });
  const items = banner().getAllByRole('listitem');
  expect(items).toHaveLength(4);
  expect(items.at(-1)?.textContent).toBe('27 more need attention: see Diversions and Failover.');
});

it('counts them in the title of the tab on every page until they are resolved', async () => {
  const page = open(both);
  expect(document.title).toBe('(2) Estate · Spillway');
  document.title = 'Schedule · Spillway';
  await waitFor(() => expect(document.title).toBe('(2) Schedule · Spillway'));
  page.unmount();
  open(noAlerts);
  expect(document.title).toBe('Schedule · Spillway');
  expect(banner().queryAllByRole('listitem')).toEqual([]);
});

it('offers to acknowledge only what the reader may', () => {
  open({ ...both, open: [stopped, { ...failedOver, mayAcknowledge: false }] });
  expect(banner().getByRole('button', { name: 'Acknowledge R-0007' })).toBeTruthy();
  expect(banner().queryByRole('button', { name: 'Acknowledge S-0002' })).toBeNull();
});

it('acknowledges one with a reason; it leaves the banner and the title', async () => {
  const sent: unknown[] = [];
  open(both, async (input) => {
    sent.push(input);
    stored = { ...both, open: [failedOver], runs: { open: 0, acknowledged: 1 } };
    return ok(null);
  });
  screen.getByRole('button', { name: 'Acknowledge R-0007' }).focus();
  fireEvent.click(screen.getByRole('button', { name: 'Acknowledge R-0007' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Acknowledge R-0007?' }));
  fireEvent.change(dialog.getByRole('textbox', { name: 'Reason' }), { target: { value: 'The owner knows' } });
  expect(sent).toEqual([]);
  fireEvent.click(dialog.getByRole('button', { name: 'Acknowledge' }));
  await waitFor(() => expect(document.title).toBe('(1) Estate · Spillway'));
  expect(sent).toEqual([{ subject: stopped.subject, occurrence: '41', reason: 'The owner knows' }]);
  await waitFor(() => expect(screen.queryByRole('dialog', { name: /^Acknowledge/ })).toBeNull());
  // Its button was removed, so the focus moves to the remaining alerts.
  await waitFor(() => expect(document.activeElement?.getAttribute('aria-label')).toBe('Needs attention'));
  expect(banner().queryByRole('link', { name: 'R-0007' })).toBeNull();
  expect(banner().getByRole('link', { name: 'S-0002' })).toBeTruthy();
  // It can be undone for a while.
  fireEvent.click(screen.getByRole('button', { name: 'Undo' }));
  await waitFor(() => expect(banner().getByRole('link', { name: 'R-0007' })).toBeTruthy());
  expect(reopened).toEqual([{ subject: stopped.subject, occurrence: '41' }]);
});

it('shows at the field why an acknowledgement is refused, and keeps the alert', async () => {
  open(both, async () => err({ fields: { reason: ['reason.missing'] }, form: null }));
  fireEvent.click(screen.getByRole('button', { name: 'Acknowledge S-0002' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Acknowledge S-0002?' }));
  fireEvent.click(dialog.getByRole('button', { name: 'Acknowledge' }));
  expect(await dialog.findByText('Enter a reason. Others will read it.')).toBeTruthy();
  expect(document.title).toBe('(2) Estate · Spillway');
});
