// @vitest-environment happy-dom
import { cleanup, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import type { RailView } from '@/lib/client/views';
import { renderPage } from '@/testing/components/test-page';
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

const counts = { unapproved: 0, failedOver: 0, failoverEnabled: 0, drifted: {}, problems: 0 };

it.each([
  [{ unapproved: 2 }, 'Diversions 2 waiting for approval', '/diversions', '2'],
  [{ drifted: { a: 1, b: 2 } }, 'Estate 3 objects have drifted', '/estate?connection=test', '3'],
  [
    { failedOver: 1, failoverEnabled: 3 },
    'Switches 1 failed over, 3 with failover enabled',
    '/switches',
    '1',
  ],
  [{ failoverEnabled: 3 }, 'Switches 3 with failover enabled', '/switches', '3'],
  [{ problems: 1 }, 'Settings 1 failing background task', '/settings', '1'],
])('shows the counts of an entry: %j', (change, name, href, shown) => {
  open({ ...counts, ...change });
  const link = screen.getByRole('link', { name });
  expect(link.getAttribute('href')).toBe(href);
  expect(link.querySelector('[aria-hidden].rounded-full')?.textContent).toBe(shown);
});

it('shows nothing when there is nothing to count', () => {
  open(counts);
  for (const name of ['Estate', 'Diversions', 'Switches'])
    expect(screen.getByRole('link', { name })).toBeTruthy();
});
