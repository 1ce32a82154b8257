// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunChartsView } from '@/lib/contract/run-charts';
import type { RunForecastView } from '@/lib/contract/run-forecast';
import { messages } from '@/lib/messages/messages';
import { emptySummary } from '@/lib/run/model/run-watch';
import { getWilsonInterval } from '@/lib/statistics/binomial';
import { parseRead } from '@/testing/components/parse-read';
import { testChartsView, testForecastView } from '@/testing/components/test-charts';
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
async function open(view: RunChartsView | null, forecast: RunForecastView = testForecastView()) {
  fetched.mockImplementation(async (path: string) => {
    if (view === null) throw new TypeError('no answer');
    return Response.json(parseRead(path).name === 'run.getForecast' ? forecast : view);
  });
  renderPage(<RunCharts run={testRun()} />);
  return within(await screen.findByRole('region', { name: 'Traffic and probes' }));
}

type Charts = Awaited<ReturnType<typeof open>>;

/** Opens a folded part of the charts. */
async function unfold(charts: Charts, name: string) {
  const details = (await charts.findByText(name)).closest('details');
  if (details === null) throw new Error('there is a disclosure');
  details.open = true;
  fireEvent(details, new Event('toggle'));
}
const unfoldMore = (charts: Charts) => unfold(charts, messages.run.charts.more);

it('says when figures appear while nothing has moved, and draws no empty chart', async () => {
  const charts = await open(testChartsView({ state: 'waiting' }));
  expect(await charts.findByText('Probes start when traffic moves, every 10 s.')).toBeTruthy();
  expect(charts.getByText(/^Figures appear once traffic moves/)).toBeTruthy();
  expect(charts.queryByRole('figure')).toBeNull();
  expect(charts.queryByRole('img')).toBeNull();
});

it('says which requests the share is of, where not all of them move', async () => {
  const point = { at: at(60), cvm: 50, function: 10, errorRate: 0, lagMs: 0, functions: [] };
  const note = async (change: object) => {
    cleanup();
    const charts = await open(testChartsView({ traffic: [{ ...point, ...change }] }));
    await unfoldMore(charts);
    return (await charts.findByText(/^Measured requests include/)).textContent;
  };
  const own = "Measured requests include Spillway's own probes.";
  expect(await note({})).toBe(own);
  expect(await note({ moved: { cvm: 0, function: 10, errorRate: 0 } })).toBe(
    `${own} The share of the function is of the requests that move. Requests and errors are those of all names of the diversion.`,
  );
  expect(await note({ moved: null })).toBe(
    `${own} The share of the function is not measured: the requests that move can't be told from others.`,
  );
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
      guards: [{ measure: 'latency', limit: 5000, forS: 30, outcome: 'stop' }],
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
    charts.getByText(/^75 % of requests reach the function; planned 100 %\. 1,500 requests reach CVM\.$/)
      .title,
  ).toMatch(
    /^95 % interval 73\.3–76\.6 %\. The difference is not chance: of 6,000 requests in a minute, p\s<\s0\.001\./,
  );
  const tests = within(charts.getByRole('list', { name: 'Tests of the split' }));
  expect(tests.getByText('60 % of DNS answers lead to the function; by the weights 50 %.').title).toMatch(
    /^95 % interval 36\.1–80\.9 %\. The difference may be chance: of 20 answers of 3 resolvers, p\s=\s0\.503\./,
  );
  // What is not drawn at once is folded.
  expect(charts.getAllByRole('figure')).toHaveLength(2);
  await unfoldMore(charts);
  const labels = charts
    .getAllByRole('figure')
    .flatMap((figure) => within(figure).queryAllByRole('img'))
    .map((chart) => chart.getAttribute('aria-label') ?? '');
  expect(labels.map((label) => label.replace(/ from .*?: /, ': '))).toEqual([
    expect.stringContaining('CVM 25 req/s, SCF 75 req/s, highest 100 req/s.'),
    expect.stringContaining('Errors 2.5 %'),
    expect.stringMatching(/^Share of the function.* Measured 75 %, Intended 100 %, highest 100 %\.$/),
    expect.stringContaining('Failed 50 %'),
    expect.stringContaining('Slowest 320 ms, highest 320 ms. Limit 5.0 s.'),
    expect.stringContaining('flash/sale 4 instances, highest 4 instances. Limit 50 instances.'),
  ]);
  await unfold(charts, 'Figures as a table');
  const table = within(charts.getByRole('table', { name: 'Figures as a table' }));
  expect(table.getByText('CVM 25 req/s, SCF 75 req/s')).toBeTruthy();
  expect(table.getByText('320 ms')).toBeTruthy();
});

it('writes no share as 100 % that is less, and counts the requests that are not as planned', async () => {
  const { low, high } = getWilsonInterval(59_999, 60_000);
  const point = { errorRate: 0, lagMs: 0, functions: [] };
  const charts = await open(
    testChartsView({
      shares: [{ at: at(0), functionShare: 100 }],
      split: { share: 59_999 / 60_000, low, high, n: 60_000, pValue: 0, intended: 1, at: at(20) },
      traffic: [{ at: at(20), cvm: 1 / 60, function: 59_999 / 60, ...point }],
    }),
  );
  expect(
    await charts.findByText('99.9 % of requests reach the function; planned 100 %. 1 request reaches CVM.'),
  ).toBeTruthy();
  await unfoldMore(charts);
  expect(charts.getByRole('img', { name: /^Share of the function/ }).getAttribute('aria-label')).toContain(
    'Measured 99.99 %, Intended 100 %',
  );
});

describe('the forecast', () => {
  const point = (s: number, cvm: number, fn: number) => ({
    at: at(s),
    cvm,
    function: fn,
    refused: 0,
    concurrency: fn / 10,
  });
  const forecast = testForecastView({
    now: at(60),
    source: { kind: 'rehearsal', id: 'H-0003', at: at(-600) },
    missing: null,
    points: [point(0, 100, 0), point(30, 60, 40), point(60, 20, 80), point(90, 0, 100)],
    deviations: [
      { figure: 'requests', at: at(30), measured: 131, forecast: 100, isNow: false },
      { figure: 'share', at: at(60), measured: 92, forecast: 80, isNow: true },
    ],
  });
  const measured = testChartsView({
    now: at(60),
    marks: [
      { at: at(0), kind: 'T0' },
      { at: at(90), kind: 'T1' },
    ],
    shares: [
      { at: at(0), functionShare: 0 },
      { at: at(5), functionShare: 100 },
    ],
    traffic: [30, 60].map((s) => ({
      at: at(s),
      cvm: s === 30 ? 90 : 8,
      function: s === 30 ? 41 : 92,
      errorRate: 0,
      lagMs: 0,
      functions: [{ name: 'flash/sale', inUse: 9, limit: 50, warm: 0 }],
    })),
  });

  it('is drawn beside what is measured, and says where its demand is from', async () => {
    const charts = await open(measured, forecast);
    const note = within(await charts.findByRole('region', { name: 'Forecast' }));
    expect(note.getByText(/^Dotted lines are the forecast, with the demand of rehearsal/)).toBeTruthy();
    expect(note.getByRole('link', { name: 'H-0003' }).getAttribute('href')).toBe('/rehearsals/H-0003');
    await unfoldMore(charts);
    const labels = charts
      .getAllByRole('figure')
      .map((figure) => within(figure).queryByRole('img')?.getAttribute('aria-label') ?? '');
    expect(labels[2]).toContain('Forecast 80 %');
    expect(labels[0]).toContain('CVM 8 req/s, SCF 92 req/s, Forecast CVM 20 req/s, Forecast SCF 80 req/s');
    expect(labels[1]).toContain('Errors 0 %, Forecast 0 %');
    expect(labels[3]).toContain('flash/sale 9 instances, Forecast 8 instances');
  });

  it('is missed by 100 % only without any request', async () => {
    const differ = (rps: number) => [
      { figure: 'requests' as const, at: at(30), measured: rps, forecast: 179, isNow: true },
    ];
    for (const [rps, text] of [
      [0.3, '99 % below'],
      [0, '100 % below'],
      [400, '123 % above'],
    ] as const) {
      const charts = await open(measured, { ...forecast, deviations: differ(rps) });
      const note = await charts.findByRole('region', { name: 'Forecast' });
      expect(note.textContent).toContain(`Requests measured ${text}`);
      cleanup();
    }
  });

  it('says in words where the measurements differ by much, and whether they still do', async () => {
    const charts = await open(measured, forecast);
    const items = within(await charts.findByRole('region', { name: 'Forecast' })).getAllByRole('listitem');
    expect(items.map(({ textContent }) => textContent?.replace(/ at .*? \(/, ' at … ('))).toEqual([
      'Requests measured 31 % above the forecast at … (131 req/s, forecast 100 req/s). The newest minute is as forecast.',
      'Share of the function measured 12 points above the forecast at … (92 %, forecast 80 %). The newest minute differs as well.',
    ]);
  });

  it.each([
    ['notStarted', /appears once the run starts/],
    ['noDemand', /the demand is unknown\. Rehearse the plan/],
    ['noSnapshot', /snapshot of the plan is no longer kept/],
    ['noFunction', /moves no traffic to a function/],
  ] as const)('says why there is none: %s', async (missing, text) => {
    const charts = await open(measured, testForecastView({ missing }));
    await unfoldMore(charts);
    expect(await charts.findByText(text)).toBeTruthy();
  });

  it.each([
    [{ kind: 'expected', peakRps: 500 }, /with the expected peak of the diversion, 500 req\/s/],
    [{ kind: 'before', rps: 2.5, at: at(0) }, /with 2\.5 req\/s throughout, as measured before T0/],
    [{ kind: 'first', rps: 12, at: at(0) }, /with 12 req\/s throughout, as first measured after T0/],
  ] as const)('names a demand that is not rehearsed', async (source, text) => {
    const charts = await open(measured, testForecastView({ ...forecast, source }));
    expect(await charts.findByText(text)).toBeTruthy();
  });
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
  const off = charts.queryAllByText(/Traffic is not measured: SPILLWAY_TRAFFIC_S is 0\.$/);
  expect(off).toHaveLength(view.isTrafficOn ? 0 : 1);
});

it('reports that the charts can’t be loaded', async () => {
  const charts = await open(null);
  expect(await charts.findByText(/^The charts can't be loaded/)).toBeTruthy();
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
      .mockImplementation(async (path: string) =>
        Response.json(parseRead(path).name === 'run.getForecast' ? testForecastView() : view),
      );
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
