// @vitest-environment happy-dom
import { cleanup, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import type { RunPageView } from '@/lib/contract/run';
import type { Guard } from '@/lib/diversion/cutover';
import { type BakeStep, StepId } from '@/lib/plan/model/model';
import type { Sample } from '@/lib/run/model/model';
import { renderPage } from '@/testing/components/test-page';
import { testCutover, testRun, testView } from '@/testing/components/test-run';
import { RunNotices } from './run-notices';

afterEach(cleanup);

const startedAt = '2026-12-11T17:00:00.000Z';
const bake: BakeStep = {
  kind: 'bake',
  id: StepId.parse('s9'),
  phase: 'divert',
  name: 'flash.example.co.id',
  percent: 10,
  oldTtlS: 60,
  bakeS: 300,
  needs: [],
  forecastMs: 300_000,
};
const guards: readonly Guard[] = [
  { measure: 'probeFailures', limit: 50, forS: 20, outcome: 'rollback' },
  { measure: 'errorRate', limit: 5, forS: 30, outcome: 'rollback' },
];
const sample = (at: string, measures: Sample['measures']): Sample => ({ at, measures, probes: [] });
const late = '2026-12-11T17:01:00.000Z';

function open(change: Partial<RunPageView>, step: Partial<BakeStep> = {}) {
  const view = testView({ ...bake, ...step }, 'waiting', { startedAt, waitingUntil: late });
  const cutover = { ...testCutover, guards: [...guards] };
  renderPage(<RunNotices run={testRun({ state: 'baking', apply: [view], cutover, ...change } as object)} />);
}
const notice = () => screen.queryByText(/^This bake/)?.parentElement?.textContent ?? null;

it('explains that a bake measures nothing if the run has no guards', () => {
  open({ cutover: null });
  expect(notice()).toContain('This bake measures nothing. The run has no guards');
});

it('shows what the bake can’t measure, since when, and that no guard can stop the run', () => {
  open({ samples: [sample(late, { probeFailures: null, errorRate: null })] });
  expect(notice()).toMatch(
    /^This bake can't measure Failed probes and Error rate: no value at .*No guard can stop the run now/,
  );
});

it('shows which guards are still evaluated when only some have no value', () => {
  open({ samples: [sample(late, { probeFailures: 0 })] });
  expect(notice()).toMatch(/^This bake can't measure Error rate: .*The other guards still watch/);
});

it.each<[string, Partial<RunPageView>, Partial<BakeStep>?]>([
  ['all guards have a value', { samples: [sample(late, { probeFailures: 0, errorRate: 0 })] }],
  ['the bake has just begun', { samples: [sample('2026-12-11T16:59:00.000Z', { probeFailures: null })] }],
  ['the run is not baking', { state: 'applying', cutover: null }],
  ['nothing has moved yet', { cutover: null }, { phase: 'prewarm' }],
  ['only old answers are waited for', { cutover: null }, { percent: null, bakeS: 0 }],
])('shows nothing while %s', (_, change, step) => {
  open(change, step);
  expect(notice()).toBeNull();
});
