import type { RunPageView } from '@/lib/contract/run';
import type { RunChartsView } from '@/lib/contract/run-charts';
import type { RunConvergenceView } from '@/lib/contract/run-convergence';
import type { RunForecastView } from '@/lib/contract/run-forecast';
import { parseRead } from './parse-read';

/** Returns the charts of a probed run, by default without data. */
export function testChartsView(change: Partial<RunChartsView> = {}): RunChartsView {
  return {
    now: '2026-12-12T00:01:00.000Z',
    state: 'on',
    everyS: 10,
    afterS: 600,
    isTrafficOn: true,
    guards: [],
    probes: [],
    traffic: [],
    shares: [],
    split: null,
    dnsSplit: null,
    marks: [],
    summary: null,
    ...change,
  };
}

/** Returns the answers of vantage points about a run, by default of one that moves no name. */
export function testConvergenceView(change: Partial<RunConvergenceView> = {}): RunConvergenceView {
  const nothing = { share: null, names: [], asked: 0, vantages: [], points: [], reached: [] };
  return { now: '2026-12-12T00:01:00.000Z', state: 'none', ...nothing, ...change };
}

/** Returns the forecast of a run, by default of one whose demand is unknown. */
export function testForecastView(change: Partial<RunForecastView> = {}): RunForecastView {
  const nothing = { source: null, missing: 'noDemand' as const, points: [], deviations: [] };
  return { now: '2026-12-12T00:01:00.000Z', ...nothing, ...change };
}

/** Answers the live reads of a run's page: the run, its charts and the answers of vantage points. */
export function answerRunPage(read: () => RunPageView): typeof fetch {
  return async (input) => {
    const { name } = parseRead(input);
    if (name === 'run.getConvergence') return Response.json(testConvergenceView());
    if (name === 'run.getForecast') return Response.json(testForecastView());
    return Response.json(name === 'run.getCharts' ? testChartsView() : read());
  };
}
