// @vitest-environment happy-dom

import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { PlanReview } from '@/components/plan/review/plan-review';
import type { ReplacedRunView, RunPageView, SuccessorView } from '@/lib/contract/run';
import { PlanId } from '@/lib/plan/model/model';
import { ok } from '@/lib/result';
import { RunId } from '@/lib/run/model/run-id';
import { answerRunPage } from '@/testing/components/test-charts';
import { renderPage } from '@/testing/components/test-page';
import { noApprovals, testPlanView } from '@/testing/components/test-plan-view';
import { testRunPlan as plan, testRun, testView } from '@/testing/components/test-run';
import { outlineSteps } from './outline-steps';
import { RunScreen } from './run-screen';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const [create, bind] = plan.steps;
if (create === undefined || bind === undefined) throw new Error('the plan begins with two steps');

const replaces: ReplacedRunView = {
  runId: RunId.parse('R-0001'),
  state: 'stopped',
  t1: '2026-12-11T19:00:00.000Z',
  left: [
    {
      runId: RunId.parse('R-0001'),
      state: 'stopped',
      steps: [
        { step: bind, isUnsure: true },
        { step: create, isUnsure: false },
      ],
    },
  ],
};
const successor = {
  planId: PlanId.parse('P-0002'),
  runId: RunId.parse('R-0002'),
  state: 'done',
  hasOutage: false,
  inEffect: RunId.parse('R-0002'),
} as const satisfies SuccessorView;

function openRun(change: Partial<RunPageView>) {
  const run = testRun(change);
  vi.stubGlobal(
    'fetch',
    answerRunPage(() => run),
  );
  const actions = {
    commandRun: async () => ok(null),
    replanRun: async () => ok({ planId: PlanId.parse('p-2') }),
  };
  renderPage(<RunScreen tab="now" initial={run} outline={outlineSteps(run.plan)} {...actions} />);
}
const applied = plan.steps.map((step) => testView(step, 'done', { outcome: 'applied' }));
const rollBack = () => screen.getByRole('button', { name: /^Roll back/ });

describe('the review of a plan that continues from a stopped run', () => {
  const open = (view: ReplacedRunView) =>
    renderPage(
      <PlanReview
        {...noApprovals}
        view={testPlanView({ replaces: view })}
        applyPlan={async () => ok({ runId: RunId.parse('r-1') })}
      />,
    );

  it('lists the changes that its rollback does not cover, with a link to the run, and the effect on its T1', () => {
    open(replaces);
    const panel = within(screen.getByRole('region', { name: 'Continues R-0001' }));
    const rows = panel.getAllByRole('listitem').map(({ textContent }) => textContent);
    expect(rows).toEqual([
      'Bind flash/storefront:1 to flash.example.co.id/ on lbl-lb-scf of lb-scf (may be applied)',
      'Create rule flash.example.co.id/ on lbl-lb-scf of lb-scf',
    ]);
    for (const link of panel.getAllByRole('link')) expect(link.getAttribute('href')).toBe('/runs/R-0001');
    expect(panel.getByText(/is stopped until you apply this plan/).textContent).toContain('at its T1');
    expect(panel.getByText(/roll back this plan's run, then R-0001/)).toBeTruthy();
  });

  it('reports when nothing is left in effect', () => {
    open({ ...replaces, state: 'closed', t1: null, left: [] });
    expect(screen.getByText('R-0001 has nothing in effect.')).toBeTruthy();
    expect(screen.queryByText(/until you apply this plan/)).toBeNull();
  });
});

describe('the run page', () => {
  it('of a continuing run shows what stays in effect, even before the rollback', async () => {
    openRun({ state: 'done', apply: applied, replaces: { ...replaces, state: 'closed', t1: null } });
    const panel = screen.getByRole('region', { name: 'Continues R-0001' });
    expect(panel.textContent).toContain('Stays when this run is rolled back');
    fireEvent.click(rollBack());
    const dialog = await screen.findByRole('dialog');
    expect(dialog.textContent).toContain('Changes that R-0001 applied before stay.');
  });

  it('of a re-planned run keeps its commands until the new plan is applied', () => {
    const replacedBy: SuccessorView = { ...successor, runId: null, state: null, inEffect: null };
    openRun({ state: 'stopped', apply: applied, replacedBy });
    expect(screen.getByText(/which is not applied yet/).textContent).toContain('P-0002');
    expect(rollBack()).toBeTruthy();
  });

  it('of a run that was left as is allows its rollback only after the continuing run is rolled back', () => {
    openRun({ state: 'closed', apply: applied, replacedBy: successor });
    expect(screen.queryByRole('button', { name: /^Roll back/ })).toBeNull();
    expect(screen.getByText(/^To roll back the changes of this run, roll back .+ first\.$/)).toBeTruthy();
    cleanup();
    openRun({
      state: 'closed',
      apply: applied,
      replacedBy: { ...successor, state: 'rolledBack', inEffect: null },
    });
    expect(rollBack()).toBeTruthy();
  });

  it('of a run left as is before it did anything has nothing to roll back', () => {
    openRun({ state: 'closed' });
    expect(screen.queryByRole('button', { name: /^Roll back/ })).toBeNull();
  });
});
