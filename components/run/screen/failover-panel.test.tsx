// @vitest-environment happy-dom
import { cleanup, screen, within } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { renderPage } from '@/testing/components/test-page';
import { testRun } from '@/testing/components/test-run';
import { FailoverPanel } from './failover-panel';

afterEach(cleanup);

const at = '2026-12-11T17:00:00.000Z';

it('lists the probes that caused a failover: vantage, address and failure', () => {
  const failoverProbes = [
    { at, vantage: { kind: 'address' }, address: '203.0.113.41:80', failure: 'status 502' },
    { at, vantage: { kind: 'name', resolver: null }, address: '203.0.113.41:80', failure: 'timed out' },
    { at, vantage: { kind: 'name', resolver: '9.9.9.9' }, address: null, failure: null },
  ] as const;
  renderPage(<FailoverPanel run={testRun({ failoverProbes })} />);
  const rows = within(screen.getByRole('region', { name: 'Why it failed over' })).getAllByRole('row');
  const cells = rows.map((row) =>
    within(row)
      .queryAllByRole('cell')
      .slice(1)
      .map((cell) => cell.textContent),
  );
  expect(cells.slice(1)).toEqual([
    ['Load balancer address', '203.0.113.41:80', 'status 502'],
    ["Name, by the account's resolver", '203.0.113.41:80', 'timed out'],
    ['Name, by resolver 9.9.9.9', 'none', 'no answer'],
  ]);
});

it('is not shown for other runs', () => {
  renderPage(<FailoverPanel run={testRun()} />);
  expect(screen.queryByRole('region', { name: 'Why it failed over' })).toBeNull();
});
