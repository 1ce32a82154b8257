// @vitest-environment happy-dom
import { cleanup, screen, within } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { renderPage } from '@/components/plan/test-page';
import { HealthPanel } from './health-panel';

afterEach(cleanup);

const checks = [
  { name: 'database', ok: true },
  { name: 'worker', ok: false, reason: 'no worker lives' },
];

it('names each object that a background task fails for, with its reason', () => {
  const problem = {
    ...{ worker: 'one', object: 'switch 4f', message: 'policy.quorum breaks the rules' },
    loop: 'switches',
    ...{ failures: 3, since: '2026-01-01T00:00:00Z', retryAt: '2026-01-01T00:00:04Z' },
  } as const;
  renderPage(<HealthPanel health={{ checks, problems: [problem] }} />);
  const region = screen.getByRole('region', { name: 'Failing background tasks' });
  expect(within(region).getByText('Watch switch 4f')).toBeTruthy();
  expect(within(region).getByText('policy.quorum breaks the rules')).toBeTruthy();
  expect(within(region).getByText(/Failed 3 times in a row since/)).toBeTruthy();
  expect(screen.getByText('no worker lives')).toBeTruthy();
});

it('says that all works where it does', () => {
  renderPage(<HealthPanel health={{ checks: [{ name: 'database', ok: true }], problems: [] }} />);
  expect(screen.queryByRole('region', { name: 'Failing background tasks' })).toBeNull();
  expect(screen.getAllByText('Works')).toHaveLength(2);
});
