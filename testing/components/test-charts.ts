import type { RunChartsView } from '@/lib/client/run-charts-views';
import type { RunPageView } from '@/lib/client/views';

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
    marks: [],
    summary: null,
    ...change,
  };
}

/** Answers the live reads of a run's page: the run and its charts. */
export function answerRunPage(read: () => RunPageView): typeof fetch {
  return async (input) => Response.json(String(input).endsWith('/charts') ? testChartsView() : read());
}
