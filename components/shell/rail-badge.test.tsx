// @vitest-environment happy-dom
import { cleanup, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import type { RailView } from '@/lib/contract/overview';
import { renderPage } from '@/testing/components/test-page';
import { noAlerts, testRail } from '@/testing/components/test-rail';
import { Rail } from './rail';
import { RailCounts } from './rail-counts';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function open(counts: RailView) {
  vi.stubGlobal('fetch', async () => Response.json(counts));
  renderPage(
    <RailCounts initial={counts}>
      <Rail environment="sandbox" connectionId="test" section="diversions" hasSandbox />
    </RailCounts>,
  );
}

it.each([
  [{ unapproved: 2 }, 'Diversions 2 waiting for approval', '/diversions', '2'],
  [{ drifted: { a: 1, b: 2 } }, 'Estate 3 objects have drifted', '/estate?connection=test', '3'],
  [
    { alerts: { ...noAlerts, switches: { open: 1, acknowledged: 0 } }, failoverEnabled: 3 },
    'Failover 1 Switch needs attention, 3 with failover enabled',
    '/failover',
    '1',
  ],
  [{ failoverEnabled: 3 }, 'Failover 3 with failover enabled', '/failover', '3'],
  [{ problems: 1 }, 'Settings 1 failing background task', '/settings', '1'],
])('shows the counts of an entry: %j', (change, name, href, shown) => {
  open(testRail(change));
  const link = screen.getByRole('link', { name });
  expect(link.getAttribute('href')).toBe(href);
  expect(link.querySelector('[aria-hidden].rounded-full')?.textContent).toBe(shown);
});

it.each([
  [
    { open: 2, acknowledged: 1 },
    '2 runs need attention, 4 waiting for approval, 1 acknowledged',
    '2',
    'bg-bad',
  ],
  [{ open: 0, acknowledged: 1 }, '4 waiting for approval, 1 acknowledged', '4', 'bg-warn'],
])('shows open alerts in red, and acknowledged ones without emphasis: %j', (runs, text, shown, tone) => {
  open(testRail({ unapproved: 4, alerts: { ...noAlerts, runs } }));
  const badge = screen.getByRole('link', { name: `Diversions ${text}` }).querySelector('.rounded-full');
  expect(badge?.textContent).toBe(shown);
  expect(badge?.className).toContain(tone);
});

it('counts acknowledged alerts without emphasis until they are resolved', () => {
  open(testRail({ alerts: { ...noAlerts, switches: { open: 0, acknowledged: 1 } } }));
  const badge = screen.getByRole('link', { name: 'Failover 1 acknowledged' }).querySelector('.rounded-full');
  expect(badge?.className).toContain('bg-rail-ink');
});

it('shows nothing when there is nothing to count', () => {
  open(testRail());
  for (const name of ['Estate', 'Diversions', 'Failover'])
    expect(screen.getByRole('link', { name })).toBeTruthy();
});
