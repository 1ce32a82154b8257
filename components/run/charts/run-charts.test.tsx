// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { RunChartsView } from '@/lib/client/run-charts-views';
import { messages } from '@/lib/messages/messages';
import { emptySummary } from '@/lib/run/model/run-watch';
import { testChartsView } from '@/testing/components/test-charts';
import { renderPage } from '@/testing/components/test-page';
import { testRun } from '@/testing/components/test-run';
import { RunCharts } from './run-charts';

const fetched = vi.fn();
beforeEach(() => vi.stubGlobal('fetch', fetched));
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const at = (s: number) => new Date(Date.UTC(2026, 11, 12, 0, 0, s)).toISOString();

/** Opens the charts as the server sends them; null = it can't be reached. */
async function open(view: RunChartsView | null) {
  fetched.mockImplementation(async () => {
    if (view === null) throw new TypeError('no answer');
    return Response.json(view);
  });
  renderPage(<RunCharts run={testRun()} />);
  return within(await screen.findByRole('region', { name: 'Traffic and probes' }));
}

it('explains what each chart will show, and when, while nothing has moved', async () => {
  const charts = await open(testChartsView({ state: 'waiting' }));
  expect(await charts.findByText('Probes start when traffic moves, every 10 s.')).toBeTruthy();
  expect(charts.getAllByText(/^Appears once/)).toHaveLength(6);
  expect(charts.queryByRole('img')).toBeNull();
});

it('draws shares, probes, requests, errors and concurrency with their newest values and the events of the run', async () => {
  const charts = await open(
    testChartsView({
      shares: [
        { at: at(0), functionShare: 0 },
        { at: at(5), functionShare: 100 },
      ],
      split: { share: 0.75, low: 0.733, high: 0.766, n: 6000, pValue: 0, intended: 1, at: at(20) },
      dnsSplit: {
        share: 0.6,
        low: 0.361,
        high: 0.809,
        n: 20,
        pValue: 0.503,
        intended: 0.5,
        at: at(20),
        resolvers: 3,
      },
      marks: [{ at: at(0), kind: 'apply' }],
      probes: [{ at: at(10), sent: 2, failed: 1, slowestMs: 320 }],
      guards: [{ measure: 'latency', limit: 5000, forS: 30, outcome: 'hold' }],
      traffic: [
        {
          at: at(20),
          cvm: 25,
          function: 75,
          errorRate: 2.5,
          lagMs: 0,
          functions: [{ name: 'flash/sale', inUse: 4, limit: 50, warm: 0 }],
        },
      ],
      summary: { ...emptySummary, rounds: 1, sent: 2, failed: 1, slowestMs: 320 },
    }),
  );
  expect(await charts.findByText('2 probes, 1 failed')).toBeTruthy();
  expect(
    charts.getByText(/^75 % \(73\.3–76\.6 %\) of requests reach the function; planned 100 %\.$/),
  ).toBeTruthy();
  expect(
    charts.getByText(/^The difference is not chance: of 6,000 requests in a minute, p < 0\.001\./),
  ).toBeTruthy();
  const tests = within(charts.getByRole('list', { name: 'Tests of the split' }));
  expect(
    tests.getByText(/^60 % \(36\.1–80\.9 %\) of DNS answers lead to the function; by the weights 50 %\.$/),
  ).toBeTruthy();
  expect(
    tests.getByText(/^The difference may be chance: of 20 answers of 3 resolvers, p = 0\.503\./),
  ).toBeTruthy();
  expect(tests.getAllByRole('img').map((bar) => bar.getAttribute('aria-label'))).toEqual([
    'Interval of 95 % from 73.3 to 76.6 %, measured 75 %, planned 100 %',
    'Interval of 95 % from 36.1 to 80.9 %, measured 60 %, planned 50 %',
  ]);
  const labels = charts
    .getAllByRole('figure')
    .flatMap((figure) => within(figure).queryAllByRole('img'))
    .map((chart) => chart.getAttribute('aria-label') ?? '');
  expect(labels.map((label) => label.replace(/ from .*?: /, ': '))).toEqual([
    expect.stringMatching(
      /^Share of the function.* Measured 75 %, Intended 100 %, Interval from 74 %, Interval to 76 %, highest 100 %\.$/,
    ),
    expect.stringContaining('Failed 50 %'),
    expect.stringContaining('Slowest 320 ms, highest 320 ms. Limit 5.0 s.'),
    expect.stringContaining('CVM 25 req/s, SCF 75 req/s, highest 100 req/s.'),
    expect.stringContaining('Errors 2.5 %'),
    expect.stringContaining('flash/sale 4 instances, highest 4 instances. Limit 50 instances.'),
  ]);
  expect(charts.getByRole('list', { name: 'Events on the charts' }).textContent).toContain('Apply');
  const details = charts.getByText('Figures as a table').closest('details');
  if (details === null) throw new Error('there is a disclosure');
  details.open = true;
  fireEvent(details, new Event('toggle'));
  const table = within(charts.getByRole('table', { name: 'Figures as a table' }));
  expect(table.getByText('CVM 25 req/s, SCF 75 req/s')).toBeTruthy();
  expect(table.getByText('320 ms')).toBeTruthy();
});

it.each([
  [testChartsView({ state: 'off', isTrafficOn: false }), 'Probes are switched off: SPILLWAY_PROBE_S is 0.'],
  [testChartsView({ state: 'over' }), /^Probing is over/],
  [
    testChartsView({ summary: { ...emptySummary, rounds: 3 } }),
    'Nothing can be probed: the plan has no probe requests for its routes.',
  ],
])('explains why it draws no probes', async (view, text) => {
  const charts = await open(view);
  expect(await charts.findByText(text)).toBeTruthy();
  const off = charts.queryAllByText('Traffic is not measured: SPILLWAY_TRAFFIC_S is 0.');
  expect(off).toHaveLength(view.isTrafficOn ? 0 : 3);
});

it('reports that the charts can’t be loaded', async () => {
  const charts = await open(null);
  expect(await charts.findByText(/^The charts can't be loaded/)).toBeTruthy();
});

it('reserves the space of its charts before they are loaded', () => {
  fetched.mockReturnValue(new Promise(() => {}));
  renderPage(<RunCharts run={testRun()} />);
  const charts = within(screen.getByRole('region', { name: 'Traffic and probes' }));
  for (const name of Object.values(messages.run.charts.name)) expect(charts.getByText(name)).toBeTruthy();
});

it.each<[string, unknown]>([
  ['nothing', {}],
  ['no object', 'ok'],
  ['another form', { ...testChartsView(), probes: null }],
])(
  'reports that its charts can’t be loaded when the server responds with %s, and draws the next response',
  async (_, answer) => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const view = testChartsView({ state: 'waiting' });
    fetched
      .mockImplementationOnce(async () => Response.json(answer))
      .mockImplementation(async () => Response.json(view));
    renderPage(
      <>
        <button type="button">Roll back</button>
        <RunCharts run={testRun()} />
      </>,
    );
    expect(await screen.findByText(/^The charts can't be loaded\./)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Roll back' })).toBeTruthy();
    fireEvent(window, new Event('visibilitychange'));
    expect(await screen.findByText('Probes start when traffic moves, every 10 s.')).toBeTruthy();
  },
);
