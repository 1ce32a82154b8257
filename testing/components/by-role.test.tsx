// @vitest-environment happy-dom
import { cleanup, fireEvent, screen } from '@testing-library/react';
import type { ReactElement } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DiversionBar } from '@/components/diversions/diversion-bar';
import { DiversionList } from '@/components/diversions/diversion-list';
import { PlanReview } from '@/components/plan/review/plan-review';
import { outlineSteps } from '@/components/run/screen/outline-steps';
import { RunScreen } from '@/components/run/screen/run-screen';
import { PolicyPanel } from '@/components/settings/policy-panel';
import { EmergencyStopProvider } from '@/components/shell/emergency-stop-provider';
import { listPageActions } from '@/components/shell/palette/page-actions';
import { Palette } from '@/components/shell/palette/palette';
import { StopButton } from '@/components/shell/stop-button';
import { SwitchboardScreen } from '@/components/switches/switchboard-screen';
import { loadAllParts } from '@/components/ui/base/on-demand';
import { defaultPolicy } from '@/lib/policy/policy';
import type { Role } from '@/lib/policy/roles';
import { testDiversionView } from '@/testing/components/test-diversion-view';
import { renderPage } from '@/testing/components/test-page';
import { noRequests, testPlanView } from '@/testing/components/test-plan-view';
import { testRevision } from '@/testing/components/test-revision';
import { testRun } from '@/testing/components/test-run';
import { testSession } from '@/testing/components/test-session';
import { testSwitchView } from '@/testing/components/test-switch';

await loadAllParts();

/* What each screen offers by role. testing/offered-verbs.test.ts lists the place of each verb. */

beforeEach(() => {
  vi.stubGlobal('fetch', async () => Promise.reject(new TypeError('fetch failed')));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const never = () => Promise.reject(new Error('nothing is sent here'));
const revision = testRevision({});

type Case = {
  readonly name: string;
  readonly screen: () => ReactElement;
  /** The buttons and links that need a right, and the roles that have it. */
  readonly offered: readonly string[];
  readonly to: readonly Role[];
};

const operators: readonly Role[] = ['operator', 'administrator'];
const review = () => (
  <PlanReview
    view={testPlanView({
      approvals: {
        all: [],
        count: { given: 0, needed: 1 },
        requirement: { needed: 1, selfApproval: false, expiresAfterH: null, breakGlass: true, rules: [] },
        approvers: [],
        requests: [],
        voidRequests: 0,
        comments: [],
        isOutdated: false,
        authors: [],
        state: 'open',
      },
    })}
    approver="sari@example.com"
    applyPlan={never}
    fixPlan={never}
    rescheduleRun={never}
    approvePlan={never}
    withdrawApproval={never}
    requesting={noRequests}
  />
);
const run = testRun({ state: 'baking' });

const cases: readonly Case[] = [
  {
    name: 'a diversion',
    screen: () => (
      <DiversionBar
        diversion={testDiversionView({ revisions: [revision], current: revision, newest: revision })}
        tab="plan"
        revision={revision}
        duplicateDiversion={never}
        discardDiversion={never}
        restoreDiversion={never}
        cancelSchedule={never}
      />
    ),
    offered: ['Edit', 'Repeat', 'Duplicate', 'Discard'],
    to: operators,
  },
  {
    name: 'the list of diversions',
    screen: () => <DiversionList diversions={[]} connectionId="test" importing={null} />,
    offered: ['New diversion'],
    to: operators,
  },
  { name: 'a plan to apply', screen: review, offered: ['Apply plan', 'Schedule'], to: operators },
  { name: 'a plan to approve', screen: review, offered: ['Approve'], to: ['approver', 'administrator'] },
  {
    name: 'a run',
    screen: () => (
      <RunScreen initial={run} outline={outlineSteps(run.plan)} commandRun={never} replanRun={never} />
    ),
    offered: ['Pause', 'Roll back'],
    to: operators,
  },
  {
    name: 'the Switches',
    screen: () => (
      <SwitchboardScreen
        initial={{ now: '2026-12-11T14:32:05.000Z', switches: [testSwitchView({})], moves: [] }}
        connectionId="test"
        enableFailover={never}
        disableFailover={never}
        removeSwitch={never}
        moveSwitch={never}
      />
    ),
    offered: ['New Switch', 'Arm switch', 'Enable failover', 'Remove'],
    to: operators,
  },
  {
    name: 'the policy',
    screen: () => (
      <PolicyPanel
        policies={[{ kind: 'sandbox', policy: defaultPolicy, set: null }]}
        setPolicy={never}
        onSet={() => {}}
      />
    ),
    offered: ['Save policies'],
    to: ['administrator'],
  },
  {
    name: 'the frame',
    screen: () => (
      <EmergencyStopProvider initial={{ stop: null, log: [] }} pauseChanges={never} resumeChanges={never}>
        <StopButton />
      </EmergencyStopProvider>
    ),
    offered: ['Pause all changes'],
    to: ['operator', 'approver', 'administrator'],
  },
];

/** Returns the names of the buttons and links on the screen, without their keys. */
const listOffered = () =>
  [...screen.queryAllByRole('button'), ...screen.queryAllByRole('link')].map(
    (control) => control.getAttribute('aria-label') ?? control.textContent ?? '',
  );

describe.each(cases)('$name', ({ screen: render, offered, to }) => {
  it.each(['viewer', 'operator', 'approver', 'administrator'] as const)(
    'offers to a %s what they may do',
    (role) => {
      renderPage(render(), testSession(role));
      const found = offered.filter((name) => listOffered().some((control) => control.startsWith(name)));
      expect(found).toEqual(to.includes(role) ? offered : []);
    },
  );
});

describe('an administrator with limits', () => {
  it('has no forms of settings', () => {
    renderPage(
      cases.find(({ name }) => name === 'the policy')?.screen(),
      testSession('administrator', { regions: ['ap-jakarta'] }),
    );
    expect(listOffered()).not.toContain('Save policies');
  });

  it('may pause all changes, but not resume them', () => {
    const stop = { actor: 'sari@example.com', reason: 'test', at: '2026-12-11T14:32:05.000Z' };
    renderPage(
      <EmergencyStopProvider initial={{ stop, log: [] }} pauseChanges={never} resumeChanges={never}>
        <StopButton />
      </EmergencyStopProvider>,
      testSession('administrator', { regions: ['ap-jakarta'] }),
    );
    expect(listOffered()).toEqual([]);
    expect(listPageActions().map(({ id }) => id)).toEqual(['pauseChanges']);
  });
});

it('a viewer has no shortcut for a new diversion, and no command for it', () => {
  const { visited } = renderPage(<Palette connectionId="test" hasSandbox={false} />, testSession('viewer'));
  fireEvent.keyDown(document.body, { key: 'n' });
  expect(visited).toEqual([]);
  expect(listPageActions().map(({ id }) => id)).toEqual(['timeZone', 'shortcuts']);
});

it('says who may do what a person may not', () => {
  renderPage(review(), testSession('viewer'));
  expect(screen.getByText('Only operators and administrators can apply plans.')).toBeTruthy();
  expect(screen.getByText('Only approvers and administrators can approve plans.')).toBeTruthy();
});
