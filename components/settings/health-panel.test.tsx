// @vitest-environment happy-dom
import { cleanup, screen, within } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { renderPage } from '@/testing/components/test-page';
import { HealthPanel } from './health-panel';

afterEach(cleanup);

const launched = { parts: [], disks: [], logLinesLost: 0 };

const checks = [
  { name: 'database', ok: true },
  { name: 'worker', ok: false, reason: 'no worker is running' },
];

it('lists each object for which a background task fails, with the reason', () => {
  const problem = {
    worker: 'one',
    object: 'switch 4f',
    message: 'policy.quorum breaks the rules',
    loop: 'switches',
    failures: 3,
    since: '2026-01-01T00:00:00Z',
    retryAt: '2026-01-01T00:00:04Z',
  } as const;
  renderPage(<HealthPanel health={{ checks, problems: [problem], ...launched }} />);
  const region = screen.getByRole('region', { name: 'Failing background tasks' });
  expect(within(region).getByText('Watch switch 4f')).toBeTruthy();
  expect(within(region).getByText('policy.quorum breaks the rules')).toBeTruthy();
  expect(within(region).getByText(/Failed 3 times in a row since/)).toBeTruthy();
  expect(screen.getByText('no worker is running')).toBeTruthy();
});

it('shows what to do if the cloud rejects the key of an account', () => {
  const problem = {
    worker: 'one',
    object: 'connection niaga',
    message: 'AuthFailure.SecretIdNotFound: The SecretId is not found. (request 3c140219-cfe9)',
    code: 'AuthFailure.SecretIdNotFound',
    loop: 'sync',
    failures: 2,
    since: '2026-01-01T00:00:00Z',
    retryAt: '2026-01-01T00:00:04Z',
  } as const;
  renderPage(<HealthPanel health={{ checks, problems: [problem], ...launched }} />);
  const region = within(screen.getByRole('region', { name: 'Failing background tasks' }));
  expect(region.getByText('Sync connection niaga')).toBeTruthy();
  expect(region.getByText(/request 3c140219-cfe9/)).toBeTruthy();
  expect(region.getByText(/Check in the cloud console that the key exists and is enabled/)).toBeTruthy();
  // The key may have been entered in Settings, or be in the worker's environment.
  expect(
    region.getByText(/select “Rotate keys” in Settings → Connections\..*TENCENTCLOUD_SECRET_ID/),
  ).toBeTruthy();
});

it('reports when everything works', () => {
  renderPage(
    <HealthPanel health={{ checks: [{ name: 'database', ok: true }], problems: [], ...launched }} />,
  );
  expect(screen.queryByRole('region', { name: 'Failing background tasks' })).toBeNull();
  expect(screen.getAllByText('Healthy')).toHaveLength(2);
});

const since = '2026-01-01T00:00:00Z';
const GB = 1024 ** 3;
const well = {
  checks: [{ name: 'database', ok: true }],
  problems: [],
  parts: [{ name: 'web', state: 'up', since, reason: null }],
  disks: [{ folder: '/var/spillway', freeBytes: 12.44 * GB, sizeBytes: 40 * GB, state: 'ok' }],
  logLinesLost: 0,
} as const;

it('shows the processes of this machine and the free space on its disks', () => {
  renderPage(<HealthPanel health={well} />);
  const parts = within(screen.getByRole('region', { name: 'Processes on this machine' }));
  expect(parts.getByText('Dashboard')).toBeTruthy();
  expect(parts.getByText('Running')).toBeTruthy();
  const disks = within(screen.getByRole('region', { name: 'Disk space' }));
  expect(disks.getByText('/var/spillway')).toBeTruthy();
  expect(disks.getByText('12.4 GB of 40 GB free')).toBeTruthy();
  expect(screen.getAllByText('Healthy')).toHaveLength(2);
});

it('shows why a process fails, and does not report it as healthy', () => {
  const reason = 'sandbox ended: its state file is damaged';
  const parts = [{ name: 'sandbox', state: 'failing', since, reason }] as const;
  renderPage(<HealthPanel health={{ ...well, parts }} />);
  const region = within(screen.getByRole('region', { name: 'Processes on this machine' }));
  expect(region.getByText('Failing, retrying')).toBeTruthy();
  expect(region.getByText(reason)).toBeTruthy();
  expect(screen.getByText('Needs attention')).toBeTruthy();
});

it.each([
  ['low', 310 * 1024 ** 2, '310 MB of 40 GB free', /When the disk is full, the database stops/],
  ['full', 0, '0 MB of 40 GB free', /The database can't write/],
] as const)('shows what to do if a disk is %s', (state, freeBytes, room, advice) => {
  const disks = [{ folder: '/var/spillway', freeBytes, sizeBytes: 40 * GB, state }];
  renderPage(<HealthPanel health={{ ...well, disks }} />);
  const region = within(screen.getByRole('region', { name: 'Disk space' }));
  expect(region.getByText(room)).toBeTruthy();
  expect(region.getByText(advice)).toBeTruthy();
  expect(screen.getByText('Needs attention')).toBeTruthy();
});

it('shows how many lines the log file has lost', () => {
  renderPage(<HealthPanel health={{ ...well, logLinesLost: 1200 }} />);
  expect(screen.getByText('1,200 lines not written')).toBeTruthy();
  expect(screen.getByText('Needs attention')).toBeTruthy();
});
