// @vitest-environment happy-dom
import { cleanup, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { renderPage } from '@/components/plan/test-page';
import type { RailView } from '@/lib/client/views';
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
      <Rail environment="sandbox" connectionId="test" section="plans" hasSandbox />
    </RailCounts>,
  );
}

it('says behind an entry how much waits there for a person', () => {
  open({ unapproved: 2 });
  const link = screen.getByRole('link', { name: 'Plans 2 wait for approval' });
  expect(link.getAttribute('href')).toBe('/plans');
});

it('is quiet where nothing does', () => {
  open({ unapproved: 0 });
  expect(screen.getByRole('link', { name: 'Plans' })).toBeTruthy();
});
