// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import type { PostMortemView } from '@/lib/contract/diversion';
import { DiversionId } from '@/lib/diversion/diversion';
import { invariant } from '@/lib/invariant';
import { PlanId } from '@/lib/plan/model/model';
import { RunId } from '@/lib/run/model/run-id';
import { reportRun } from '@/lib/run/model/run-report';
import { testDiversionView } from '@/testing/components/test-diversion-view';
import { renderPage } from '@/testing/components/test-page';
import { testRevision } from '@/testing/components/test-revision';
import { testRunPlan } from '@/testing/components/test-run';
import { PostMortem } from './post-mortem';

afterEach(cleanup);

const at = '2026-12-12T00:00:00.000Z';
const id = DiversionId.parse('D-0001');
const runId = RunId.parse('R-0003');
const revision = testRevision({ runId, runState: 'done', state: 'inEffect' });
const stamp = { at, direction: 'apply' } as const;
const write = testRunPlan.steps.find((step) => step.kind === 'write' && step.phase === 'divert');
invariant(write !== undefined, 'the test plan moves traffic');

const stepId = write.id;

function view(): PostMortemView {
  const report = reportRun({
    id: runId,
    planId: PlanId.parse('P-0001'),
    plan: testRunPlan,
    cutover: null,
    guards: [],
    connectionKind: 'sandbox',
    attempts: [{ attempt: 1, direction: 'apply', actor: 'sari', reason: '', requestedAt: at }],
    events: [
      { type: 'started', actor: 'sari', attempt: 1, ...stamp },
      {
        type: 'stepDone',
        stepId,
        outcome: 'applied',
        requestId: 'r-77',
        durationMs: 5,
        ...stamp,
      },
      { type: 'finished', result: 'done', ...stamp },
    ],
  });
  return {
    diversion: testDiversionView({
      id,
      state: 'inEffect',
      createdAt: at,
      createdBy: 'sari',
      revisions: [revision],
      current: revision,
      newest: revision,
    }),
    activity: {
      diversionId: id,
      entries: [
        { kind: 'created', at, actor: 'sari' },
        { kind: 'acknowledged', at, actor: 'intan', runId, alert: 'stopped', reason: 'Owner knows' },
      ],
    },
    reports: [report],
    watches: {
      [runId]: {
        since: at,
        until: at,
        rounds: 60,
        sent: 120,
        failed: 3,
        slowestMs: 900,
        failures: [
          { at, name: 'https://flash.example.co.id/', status: '502', failure: 'expected 200', latencyMs: 8 },
        ],
        breaches: [
          {
            at,
            overAt: null,
            state: { kind: 'unmeasured', at: '2026-12-12T03:04:00Z' },
            failed: [],
            breach: {
              guard: { measure: 'probeFailures', limit: 50, forS: 20, outcome: 'rollback' },
              value: 67,
              since: at,
            },
          },
        ],
      },
    },
    olderRuns: 0,
  };
}

it('shows the changes, the impact on clients, and every event with actor and reason', () => {
  renderPage(<PostMortem view={view()} madeAt={at} />);
  expect(screen.getByRole('heading', { level: 1, name: 'Post-mortem: Sale' })).toBeTruthy();
  const run = within(screen.getByRole('region', { name: 'Run R-0003 of P-0001' }));
  expect(run.getByText('1 object changed')).toBeTruthy();
  expect(run.getByText('r-77')).toBeTruthy();
  expect(run.getByText('Before')).toBeTruthy();
  expect(run.getByText(/still in effect/)).toBeTruthy();
  expect(run.getByText(/120 sent, 3 failed, slowest 900 ms/)).toBeTruthy();
  expect(run.getByText('Failed probes 67 %, above 50 %')).toBeTruthy();
  expect(run.getByText(/Not measured since/)).toBeTruthy();
  expect(run.getByText('https://flash.example.co.id/')).toBeTruthy();
  expect(run.getByText('2 more failed.')).toBeTruthy();
  const timeline = within(screen.getByRole('region', { name: 'Timeline' }));
  const row = within(timeline.getByText('Alert acknowledged: run stopped').closest('tr') ?? document.body);
  expect(row.getByText('intan')).toBeTruthy();
  expect(row.getByText('“Owner knows”')).toBeTruthy();
  expect(screen.queryByRole('navigation')).toBeNull();
});

it('uses light colours while it is printed, then those of the theme', () => {
  const print = vi.fn();
  window.print = print;
  document.documentElement.dataset.theme = 'dark';
  renderPage(<PostMortem view={view()} madeAt={at} />);
  fireEvent.click(screen.getByRole('button', { name: 'Print' }));
  expect(print).toHaveBeenCalledOnce();
  window.dispatchEvent(new Event('beforeprint'));
  expect(document.documentElement.dataset.theme).toBe('light');
  window.dispatchEvent(new Event('afterprint'));
  expect(document.documentElement.dataset.theme).toBe('dark');
});

it('shows dates with the day, even for today, because it is printed', () => {
  const now = new Date().toISOString();
  renderPage(<PostMortem view={view()} madeAt={now} />);
  const shown = screen.getAllByRole('time').find((time) => time.getAttribute('datetime') === now);
  expect(shown?.textContent).toContain(now.slice(0, 4));
});
