// @vitest-environment happy-dom

import { cleanup, fireEvent, screen } from '@testing-library/react';
import type { ReactElement } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DiversionHeadCommands } from '@/components/diversions/diversion-bar';
import { DiversionList } from '@/components/diversions/diversion-list';
import { PlanDrift } from '@/components/drift/plan-drift';
import { EstateScreen } from '@/components/estate/estate-screen';
import { FunctionPage } from '@/components/functions/function-page';
import { PlanReview } from '@/components/plan/review/plan-review';
import { outlineSteps } from '@/components/run/screen/outline-steps';
import { RunScreen } from '@/components/run/screen/run-screen';
import { PolicyPanel } from '@/components/settings/policy-panel';
import { EmergencyStopProvider } from '@/components/shell/emergency-stop-provider';
import { listPageActions } from '@/components/shell/palette/page-actions';
import { Palette } from '@/components/shell/palette/palette';
import { StopButton } from '@/components/shell/stop-button';
import { SwitchboardScreen } from '@/components/switches/switchboard-screen';
import { RightsOn } from '@/lib/client/session/rights';
import type { DriftedView } from '@/lib/contract/drift';
import { ListenerId, LoadBalancerId, RuleId } from '@/lib/estate/ids';
import { ScfFunction } from '@/lib/estate/model';
import { invariant } from '@/lib/invariant';
import { PlanId } from '@/lib/plan/model/model';
import type { Limits } from '@/lib/policy/access';
import type { Footprint } from '@/lib/policy/covers';
import { defaultPolicy } from '@/lib/policy/policy';
import type { Role } from '@/lib/policy/roles';
import { RunId } from '@/lib/run/model/run-id';
import { testDiversionView } from '@/testing/components/test-diversion-view';
import { renderPage } from '@/testing/components/test-page';
import { noRequests, testConnectionView, testPlanView } from '@/testing/components/test-plan-view';
import { testRevision } from '@/testing/components/test-revision';
import { testRun } from '@/testing/components/test-run';
import { testSession } from '@/testing/components/test-session';
import { testSwitchView } from '@/testing/components/test-switch';
import { testFunction } from '@/testing/plan/test-estate';

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
    tab="now"
    view={testPlanView({
      approvals: {
        all: [],
        count: { given: 0, needed: 1 },
        requirement: {
          needed: 1,
          selfApproval: false,
          expiresAfterH: null,
          rehearsedWithinH: null,
          breakGlass: true,
          rules: [],
        },
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
      <DiversionHeadCommands
        diversion={testDiversionView({ revisions: [revision], current: revision, newest: revision })}
        showsPlan
        revision={revision}
        duplicateDiversion={never}
        discardDiversion={never}
        restoreDiversion={never}
        cancelSchedule={never}
      />
    ),
    offered: ['Edit'],
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
      <RunScreen
        tab="changes"
        initial={run}
        outline={outlineSteps(run.plan)}
        commandRun={never}
        replanRun={never}
      />
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
        help={null}
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

/** The footprint of the diversion of the tests, and that of its Switch. */
const { footprint } = testDiversionView();
const { footprint: ofSwitch } = testSwitchView();
const drifted: DriftedView = {
  key: 'warm',
  object: { kind: 'provisioned', region: 'ap-jakarta', namespace: 'flash', name: 'checkout', qualifier: '7' },
  expected: { kind: 'provisioned', instances: 400 },
  found: { kind: 'provisioned', instances: 350 },
  mark: 'aa',
  by: {
    planId: PlanId.parse('P-0412'),
    runId: RunId.parse('R-0398'),
    name: '12.12 flash',
    leftAt: '2026-12-11T14:00:00.000Z',
  },
  accepted: null,
  since: null,
  restore: { kind: 'plan' },
  who: { actors: [], trail: { state: 'read' } },
};
const fn = ScfFunction.parse({ ...testFunction({}), region: 'ap-jakarta' });
const connection = { ...testConnectionView, id: 'test' };

type ObjectCase = Case & { readonly of: Footprint };

const named = (name: string) => {
  const found = cases.find((each) => each.name === name);
  invariant(found !== undefined, `there is a case ${name}`);
  return found;
};

/** The screens of one object, or of one account. */
const objectCases: readonly ObjectCase[] = [
  ...['a diversion', 'a plan to apply', 'a plan to approve', 'a run'].map((name) => ({
    ...named(name),
    // As on the page.
    screen: () => <RightsOn footprint={footprint}>{named(name).screen()}</RightsOn>,
    of: footprint,
  })),
  { ...named('the Switches'), offered: ['Arm switch', 'Enable failover', 'Remove'], of: ofSwitch },
  {
    name: 'a function',
    screen: () => (
      <FunctionPage
        connection={connection}
        view={{
          takenAt: '2026-12-11T14:00:00.000Z',
          function: fn,
          uses: [
            {
              ruleId: RuleId.parse('loc-1'),
              domain: 'flash.example.co.id',
              url: '/',
              loadBalancerId: LoadBalancerId.parse('lb-scf'),
              loadBalancer: 'lb-sin-flash',
              listenerId: ListenerId.parse('lbl-1'),
              listener: 'HTTP:80',
              qualifier: 'live',
              weight: 10,
            },
          ],
          leftBy: null,
          room: { within: 'region', freeMb: 1000 },
          history: [],
          tests: [],
        }}
        tab="use"
        actions={{
          publishVersion: never,
          setAlias: never,
          deleteAlias: never,
          setProvisioned: never,
          deleteVersion: never,
          deleteFunction: never,
          deployFunction: never,
          startTestInvocation: never,
        }}
      />
    ),
    offered: ['Delete function'],
    to: ['administrator'],
    of: { connections: ['test'], regions: ['ap-jakarta'], domains: ['flash.example.co.id'] },
  },
  {
    name: 'drift',
    screen: () => (
      <PlanDrift
        by={drifted.by}
        items={[drifted]}
        connectionId="test"
        actions={{ acceptDrift: never, restoreDrift: never }}
      />
    ),
    offered: ['Restore', 'Accept'],
    to: operators,
    of: { connections: ['test'], regions: ['ap-jakarta'], domains: [] },
  },
  {
    name: 'the estate of an account',
    screen: () => (
      <EstateScreen
        connections={[connection]}
        connectionId="test"
        initial={{ estate: null, sync: { state: 'never' } }}
        startSync={never}
      />
    ),
    offered: ['Sync estate'],
    to: operators,
    of: { connections: ['test'], regions: [], domains: [] },
  },
];

describe.each(objectCases)(
  '$name, to someone whose role has limits',
  ({ screen: render, offered, to, of }) => {
    const show = (role: Role, limits: Partial<Limits>) => {
      renderPage(render(), testSession(role, limits));
      return offered.filter((name) => listOffered().some((control) => control.startsWith(name)));
    };
    const others: Partial<Limits>[] = [
      { connections: ['other'] },
      ...(of.regions.length > 0 ? [{ regions: ['ap-seoul'] }] : []),
      ...(of.domains.length > 0 ? [{ domains: ['pay.example.co.id'] }] : []),
    ];

    it.each(to)('offers to an %s nothing of an object outside of them', (role) => {
      for (const limits of others) {
        expect([limits, show(role, limits)]).toEqual([limits, []]);
        cleanup();
      }
    });

    it.each(to)('offers to an %s what may be done with an object within them', (role) => {
      const { connections, regions, domains } = of;
      const within = {
        connections,
        regions: regions.length > 0 ? regions : null,
        domains: domains.length > 0 ? domains : null,
      };
      expect(show(role, within)).toEqual(offered);
    });
  },
);

it('says why a Switch outside of the limits can’t be moved', () => {
  renderPage(named('the Switches').screen(), testSession('operator', { regions: ['ap-seoul'] }));
  expect(screen.getByText("Your role as operator doesn't cover this Switch.")).toBeTruthy();
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
  expect(
    screen.getByText('Only operators and administrators whose role covers this plan can apply it.'),
  ).toBeTruthy();
  expect(
    screen.getByText('Only approvers and administrators whose role covers this plan can approve it.'),
  ).toBeTruthy();
});
