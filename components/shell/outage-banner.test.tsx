// @vitest-environment happy-dom
import { cleanup, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { RailView } from '@/lib/contract/overview';
import { readPath } from '@/lib/contract/reads';
import { ok } from '@/lib/result';
import { renderPage } from '@/testing/components/test-page';
import { testRail } from '@/testing/components/test-rail';
import { AppShell } from './app-shell';
import { EmergencyStopCard } from './emergency-stop-card';
import { EmergencyStopProvider } from './emergency-stop-provider';
import { RailCounts } from './rail-counts';

const counts = readPath('navigation.count', undefined);

/** The responses of the dashboard by path; an Error = nothing answers. */
let answer: (path: string) => Response | Error;
const health = (isDatabaseUp: boolean) => ({
  checks: [{ name: 'database', ok: isDatabaseUp }],
  problems: [],
  parts: [],
  disks: [],
  logLinesLost: 0,
});

beforeEach(() => {
  vi.stubGlobal('fetch', async (path: string) => {
    const given = answer(path);
    if (given instanceof Error) throw given;
    return given;
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

/** Renders a page that reads nothing of its own while it is open, inside the frame. */
function open(initial: RailView | null) {
  return renderPage(
    <EmergencyStopProvider
      initial={{ stop: null, log: [] }}
      pauseChanges={async () => ok({ paused: 0 })}
      resumeChanges={async () => ok({ resumed: 0 })}
    >
      <RailCounts initial={initial}>
        <AppShell connections={[]} connectionId={null} section={null} head={{ title: 'Diversions' }}>
          <EmergencyStopCard />
        </AppShell>
      </RailCounts>
    </EmergencyStopProvider>,
  );
}

const failing = (path: string) => new Response(path, { status: 500 });

it('reports on every page that the database does not respond, how old the page is, and that nothing can be changed', async () => {
  answer = (path) => (path === '/api/health' ? Response.json(health(false), { status: 503 }) : failing(path));
  open(testRail());
  const title = await screen.findByText('The database does not answer.');
  expect(title.parentElement?.textContent).toMatch(
    /This page shows data from .+\. Until it is back, runs wait and nothing can be changed\./,
  );
});

it('reports nothing about changes while it can’t read their state', async () => {
  answer = (path) => (path === '/api/health' ? Response.json(health(false), { status: 503 }) : failing(path));
  const { client } = open(testRail());
  expect(screen.getByText('Not paused')).toBeTruthy();
  await client.refetchQueries();
  expect(await screen.findByText('Unknown')).toBeTruthy();
  expect(screen.queryByText('Not paused')).toBeNull();
});

it('reports that the session has ended, and offers to sign in beside this page', async () => {
  answer = () => new Response('Sign in first.', { status: 401 });
  open(testRail());
  const title = await screen.findByText('Your session has ended.');
  const link = within(title.parentElement ?? document.body).getByRole('link', {
    name: 'Sign in in a new tab',
  });
  expect([link.getAttribute('href'), link.getAttribute('target')]).toEqual(['/sign-in', '_blank']);
});

it('is hidden when the database is available again', async () => {
  let isUp = false;
  answer = (path) => {
    if (path === '/api/health') return Response.json(health(isUp));
    return isUp ? Response.json(path === counts ? testRail() : { stop: null, log: [] }) : failing(path);
  };
  const { client } = open(null);
  const title = await screen.findByText('The database does not answer.');
  // Nothing was read yet that could have an age.
  expect(title.parentElement?.textContent).not.toContain('This page shows');
  isUp = true;
  await client.refetchQueries();
  await vi.waitFor(() => expect(screen.queryByText('The database does not answer.')).toBeNull());
});

it('distinguishes an unreachable dashboard from one that can’t read', async () => {
  answer = () => new TypeError('fetch failed');
  open(testRail());
  expect(await screen.findByText('The dashboard does not answer.')).toBeTruthy();
  cleanup();
  answer = (path) => (path === '/api/health' ? Response.json(health(true)) : failing(path));
  open(testRail());
  expect(await screen.findByText("The dashboard can't read its data.")).toBeTruthy();
});

it.each([
  ['none', 'No worker is running.'],
  ['otherVersion', 'No worker of this version is running.'],
] as const)('reports on every page that work waits for a worker: %s', async (worker, words) => {
  answer = (path) => Response.json(path === counts ? testRail({ worker }) : { stop: null, log: [] });
  open(testRail({ worker }));
  const title = await screen.findByText(words);
  expect(title.parentElement?.textContent).toContain('runs, syncs and failover wait');
  expect(screen.getByRole('link', { name: 'Settings shows why' })).toBeTruthy();
  expect(screen.getByRole('link', { name: 'Settings no worker is running' })).toBeTruthy();
});
