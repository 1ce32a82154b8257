// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { RunConvergenceView } from '@/lib/contract/run-convergence';
import { testConvergenceView } from '@/testing/components/test-charts';
import { renderPage } from '@/testing/components/test-page';
import { testRun } from '@/testing/components/test-run';
import { ConvergencePanel } from './convergence-panel';

const fetched = vi.fn();
beforeEach(() => vi.stubGlobal('fetch', fetched));
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const at = (s: number) => new Date(Date.UTC(2026, 11, 12, 0, 0, s)).toISOString();
const name = 'shop.example.co.id';

function open(change: Partial<RunConvergenceView>) {
  fetched.mockImplementation(async () => Response.json(testConvergenceView(change)));
  renderPage(<ConvergencePanel run={testRun()} />);
}
const findPanel = async () => within(await screen.findByRole('region', { name: 'DNS convergence' }));

it('shows the share of current answers, how long it took, each vantage point, and the counts as a table', async () => {
  const answer = { name, ttlS: 42, failure: null, at: at(20), isOld: false };
  const vantage = { at: at(20), isOld: false };
  open({
    state: 'on',
    share: 66.7,
    names: [{ name, served: ['127.77.1.2'], ttlS: 60 }],
    asked: 1,
    points: [
      { at: at(10), current: 1, stale: 2, other: 0, silent: 0 },
      { at: at(20), current: 2, stale: 1, other: 0, silent: 1 },
    ],
    reached: [{ direction: 'apply', at: at(5), reachedMs: { 50: 15_000, 90: null, 99: null, 100: null } }],
    vantages: [
      {
        ...vantage,
        kind: 'own',
        name: '127.0.0.1:53',
        address: '127.0.0.1:53',
        answers: [{ ...answer, verdict: 'current', values: ['127.77.1.2'] }],
      },
      {
        ...vantage,
        kind: 'resolver',
        name: 'DNSPod',
        address: '119.29.29.29',
        answers: [{ ...answer, verdict: 'stale', values: ['127.77.1.1'] }],
      },
      {
        ...vantage,
        kind: 'agent',
        name: 'jakarta-office',
        address: null,
        isOld: true,
        answers: [{ ...answer, verdict: 'silent', values: null, failure: 'no answer', isOld: true }],
      },
    ],
  });
  const panel = await findPanel();
  expect(panel.getByText('66 % of the answers are current')).toBeTruthy();
  expect(panel.getByText(/^After the DNS change: 50 % after 15/)).toBeTruthy();
  expect(panel.getByRole('img').getAttribute('aria-label')).toContain('66.6 % of the answers are current');
  const table = within(panel.getByRole('table', { name: 'Vantage points' }));
  const rows = table.getAllByRole('row').slice(1);
  expect(rows[0]?.textContent).toContain('Resolver of the account');
  expect(rows[1]?.textContent).toMatch(/DNSPod.*Old.*127\.77\.1\.1.*for 42 s more/);
  expect(rows[2]?.textContent).toMatch(/jakarta-office.*Failed.*no answer.*Out of date/);
  const details = panel.getByText('Counts as a table').closest('details');
  if (details === null) throw new Error('there is a disclosure');
  details.open = true;
  fireEvent(details, new Event('toggle'));
  const counts = within(panel.getByRole('table', { name: 'Counts as a table' }));
  expect(counts.getByText('2 current, 1 old, 0 other, 1 failed')).toBeTruthy();
});

it('says when resolvers are asked while no name has moved', async () => {
  open({ state: 'waiting' });
  expect((await findPanel()).getByText('Resolvers are queried from the first DNS change.')).toBeTruthy();
});

it.each(['over', 'off'] as const)(
  'shows the share of the last count once resolvers are not queried: %s',
  async (state) => {
    open({
      state,
      names: [{ name, served: ['127.77.1.2'], ttlS: 60 }],
      asked: 1,
      points: [
        { at: at(10), current: 3, stale: 2, other: 0, silent: 0 },
        { at: at(20), current: 4, stale: 1, other: 0, silent: 0 },
      ],
    });
    const panel = await findPanel();
    expect(panel.getByText('80 % of the answers were current at the last count')).toBeTruthy();
    expect(panel.queryByText(/old answers have expired|No answer is up to date/)).toBeNull();
  },
);

it('renders nothing for a run whose plan changes no DNS', async () => {
  open({ state: 'none' });
  await vi.waitFor(() => expect(fetched).toHaveBeenCalled());
  expect(screen.queryByRole('region', { name: 'DNS convergence' })).toBeNull();
});
