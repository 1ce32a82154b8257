// @vitest-environment happy-dom

import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { listPageActions } from '@/components/shell/palette/page-actions';
import type { CloudErrorData } from '@/lib/cloud/errors';
import type { FixPlanAction } from '@/lib/contract/diversion';
import type { ApplyPlanAction, PlanView } from '@/lib/contract/plan';
import { waveNamesMax } from '@/lib/diversion/wave-limits';
import type { ServingListener } from '@/lib/estate/bindings/serving-listeners';
import { ListenerId, LoadBalancerId } from '@/lib/estate/ids';
import { invariant } from '@/lib/invariant';
import { PlanId, StepId } from '@/lib/plan/model/model';
import { err, ok } from '@/lib/result';
import { RunId } from '@/lib/run/model/run-id';
import { renderPage } from '@/testing/components/test-page';
import { noApprovals, testPlanView } from '@/testing/components/test-plan-view';
import {
  testEstate,
  testFunction,
  testListener,
  testLoadBalancer,
  testRecord,
  testSwitch,
  testWaves,
} from '@/testing/plan/test-estate';
import { PlanReview } from './plan-review';

afterEach(cleanup);

const never: ApplyPlanAction = async () => err({ fields: {}, form: { message: 'plan.otherHash' } });

describe('the plan review', () => {
  it('applies exactly the plan shown and opens the run', async () => {
    const asked: unknown[] = [];
    const { visited } = renderPage(
      <PlanReview
        {...noApprovals}
        view={testPlanView()}
        applyPlan={async (input) => {
          asked.push(input);
          return ok({ runId: RunId.parse('r-1') });
        }}
      />,
    );
    fireEvent.click(screen.getByRole('button', { name: 'Apply plan' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Apply this plan?' }));
    await waitFor(() => expect(document.activeElement?.textContent).toBe('Cancel'));
    fireEvent.click(dialog.getByRole('button', { name: 'Apply plan' }));
    await waitFor(() => expect(visited).toEqual(['/runs/r-1']));
    expect(asked).toEqual([{ planId: 'p-1', hash: 'abc', typedDomain: null, cutover: null }]);
  });

  it('disables actions that need an account while it is not connected, with the reason, also in the palette', () => {
    const disconnected = ['niaga-prod (prod)'];
    const why =
      'Not connected: niaga-prod (prod). Start the worker with the keys of each of these accounts first.';
    renderPage(<PlanReview {...noApprovals} view={testPlanView({ disconnected })} applyPlan={never} />);
    for (const name of ['Apply plan', 'Schedule plan']) {
      const button = screen.getByRole('button', { name, description: why });
      expect(button.hasAttribute('disabled')).toBe(true);
    }
    expect(listPageActions().map(({ label, whyNot }) => [label, whyNot])).toEqual([
      ['Apply plan', why],
      ['Schedule plan', why],
    ]);
  });

  it('requires the domain to be typed on a real account', async () => {
    const asked: unknown[] = [];
    const connection = {
      id: 'real',
      name: 'niaga-prod',
      kind: 'tencent',
      uin: '1',
      portOffset: 0,
      isolation: null,
    } as const;
    renderPage(
      <PlanReview
        {...noApprovals}
        view={testPlanView({ connection })}
        applyPlan={async (input) => {
          asked.push(input);
          return ok({ runId: RunId.parse('r-1') });
        }}
      />,
    );
    fireEvent.click(screen.getByRole('button', { name: 'Apply plan' }));
    const dialog = within(await screen.findByRole('dialog'));
    const apply = dialog.getByRole('button', { name: 'Apply plan' });
    expect(apply.hasAttribute('disabled')).toBe(true);
    fireEvent.change(dialog.getByLabelText('Type flash.example.co.id to confirm'), {
      target: { value: 'Flash.example.co.id' },
    });
    fireEvent.click(apply);
    await waitFor(() =>
      expect(asked).toEqual([
        { planId: 'p-1', hash: 'abc', typedDomain: 'flash.example.co.id', cutover: null },
      ]),
    );
  });

  it('lists all moved names of a real account, and requires more than the first one to be typed', async () => {
    const asked: unknown[] = [];
    const connection = { ...testPlanView().connection, kind: 'tencent' } as const;
    const names = ['flash.example.co.id', 'shop.example.co.id', 'pay.example.co.id'];
    const { plan } = testPlanView();
    const diversion = testWaves([names.slice(0, 1), names.slice(1)]);
    renderPage(
      <PlanReview
        {...noApprovals}
        view={{ ...testPlanView({ connection }), plan: { ...plan, diversion } }}
        applyPlan={async (input) => {
          asked.push(input);
          return ok({ runId: RunId.parse('r-1') });
        }}
      />,
    );
    fireEvent.click(screen.getByRole('button', { name: 'Apply plan' }));
    const dialog = within(await screen.findByRole('dialog'));
    for (const name of names) expect(dialog.getByText(name)).toBeTruthy();
    const field = dialog.getByLabelText('Type flash.example.co.id +2 to confirm');
    const apply = dialog.getByRole('button', { name: 'Apply plan' });
    fireEvent.change(field, { target: { value: 'flash.example.co.id' } });
    expect(apply.hasAttribute('disabled')).toBe(true);
    fireEvent.change(field, { target: { value: 'flash.example.co.id +2' } });
    fireEvent.click(apply);
    await waitFor(() => expect(asked).toMatchObject([{ typedDomain: 'flash.example.co.id +2' }]));
  });

  it('shows the server rejection and stays open', async () => {
    const { visited } = renderPage(<PlanReview {...noApprovals} view={testPlanView()} applyPlan={never} />);
    fireEvent.click(screen.getByRole('button', { name: 'Apply plan' }));
    const dialog = within(await screen.findByRole('dialog'));
    fireEvent.click(dialog.getByRole('button', { name: 'Apply plan' }));
    expect((await screen.findByRole('alert')).textContent).toContain(
      'This differs from the plan you reviewed',
    );
    expect(visited).toEqual([]);
  });

  it('can’t be applied while a finding blocks, with the reason', () => {
    const estate = testEstate({ functions: [testFunction({ type: 'HTTP' })] });
    renderPage(<PlanReview {...noApprovals} view={testPlanView({}, estate)} applyPlan={never} />);
    const apply = screen.getByRole('button', { name: 'Apply plan' });
    expect(apply.hasAttribute('disabled')).toBe(true);
    const reason = document.getElementById(apply.getAttribute('aria-describedby') ?? '');
    expect(reason?.textContent).toContain('Fix 1 blocker');
  });

  it('counts bakes and waits in the duration, and shows both shares of each side', async () => {
    const records = [
      testRecord(12, 'flash', '127.77.1.1', { weight: 80 }),
      testRecord(13, 'flash', '127.77.1.2', { weight: 20 }),
    ];
    const estate = testEstate({ records });
    const view = testPlanView({}, estate, testSwitch({ ramp: [10, 50, 100] }));
    renderPage(<PlanReview {...noApprovals} tab="changes" view={view} estate={estate} applyPlan={never} />);
    const summary = within(screen.getByRole('region', { name: 'Plan summary' }));
    const duration = summary.getByText('Duration').parentElement?.textContent;
    expect(duration).toMatch(
      /^Duration10 min \d+ sforecast\d+ s of calls and probes, 10 min of waits and bakes$/,
    );
    const routes = within(screen.getByRole('region', { name: 'Routes' }));
    expect(routes.getByText('A 127.77.1.1, 80 % → 0 %')).toBeDefined();
    expect(routes.getByText('A 127.77.1.2, 20 % → 100 %')).toBeDefined();
    cleanup();
    renderPage(<PlanReview {...noApprovals} view={view} estate={estate} applyPlan={never} />);
    const preflight = screen.getByRole('region', { name: 'Preflight' });
    expect(preflight.textContent).toContain('The ramp first lowers the share of lb-scf from 20 % to 10 %');
    fireEvent.click(screen.getByRole('button', { name: 'Apply plan' }));
    expect((await screen.findByRole('dialog')).textContent).toMatch(
      /API calls on niaga, about 10 min \d+ s\./,
    );
  });

  it('shows the blast radius on apply and on rollback', () => {
    const estate = testEstate();
    const review = <PlanReview {...noApprovals} view={testPlanView()} estate={estate} applyPlan={never} />;
    renderPage(review);
    const blast = within(screen.getByRole('region', { name: 'Blast radius' }));
    const cells = blast.getAllByRole('row')[1]?.textContent;
    expect(cells).toBe('flash.example.co.id1 min 1 s1 min 1 s');
    const objects = blast.getByRole('list', { name: 'Changed objects' });
    expect(
      within(objects)
        .getAllByRole('listitem')
        .map((item) => item.textContent),
    ).toEqual(['1 rule new, of 2 in the estate', '1 record set changed, of 2 in the estate']);
  });

  it('lists as many moved names as a plan can have in a scroll area of its own', () => {
    const view = testPlanView();
    const steps = view.plan.steps.flatMap((step) => {
      if (step.kind !== 'write') return [];
      const { object } = step;
      if (object.kind !== 'recordSet') return [];
      return Array.from({ length: waveNamesMax }, (_, nth) => ({
        ...step,
        id: StepId.parse(`s${nth + 1}`),
        needs: [],
        object: { ...object, subdomain: `sale-${nth}` },
      }));
    });
    renderPage(
      <PlanReview {...noApprovals} view={{ ...view, plan: { ...view.plan, steps } }} applyPlan={never} />,
    );
    const names = screen.getByRole('region', { name: 'Moving names' });
    expect(within(names).getAllByRole('row')).toHaveLength(1 + waveNamesMax);
  });

  it('shows the current traffic of the names, or why it is unknown', () => {
    const lines = (traffic: PlanView['traffic']) => {
      renderPage(<PlanReview {...noApprovals} view={testPlanView({ traffic })} applyPlan={never} />);
      const text = screen.getByRole('region', { name: 'Blast radius' }).textContent;
      cleanup();
      return text;
    };
    const reading: ServingListener = {
      region: 'ap-singapore',
      loadBalancer: 'lb-cvm',
      listener: 'HTTP:80',
      others: 1,
      loadBalancerId: LoadBalancerId.parse('lb-cvm'),
      listenerId: ListenerId.parse('lbl-lb-cvm'),
      names: ['flash.example.co.id'],
      domains: ['flash.example.co.id'],
    };
    const at = '2026-12-11T15:00:00.000Z';
    const measured = (perSecond: number | null) => ({
      at,
      readings: [{ ...reading, perSecond, lagMs: 0 }],
      functionLagMs: null,
      unmeasured: 0,
      error: null,
    });
    expect(lines(measured(1234.5))).toContain(
      '1,230 requests/sHTTP:80 of lb-cvm, for flash.example.co.id; 1 other domain there not counted',
    );
    expect(lines(measured(null))).toContain('no recent requests in monitoring');
    expect(lines(null)).toContain('not measured yet');
    expect(lines({ at, readings: [], functionLagMs: null, unmeasured: 0, error: null })).toContain(
      'No listener serves these names now',
    );
    const error: CloudErrorData = {
      code: 'InternalError',
      message: 'try later',
      requestId: 'r-1',
      action: 'GetMonitorData',
      region: 'ap-singapore',
      mayHaveHappened: false,
      advice: 'giveUp',
    };
    expect(lines({ at, readings: [], functionLagMs: null, unmeasured: 1, error })).toMatch(
      /could not be measured.*try later.*InternalError.*r-1/,
    );
    expect(lines({ ...measured(1), unmeasured: 2, error })).toMatch(
      /1 requests\/s.*2 more listeners serve these names; they were not measured.*try later.*r-1/,
    );
    expect(lines({ ...measured(1), unmeasured: 1 })).toMatch(
      /1 more listener serves .* it was not measured\./,
    );
  });

  it('shows findings that did not pass, and can expand those that passed', () => {
    const estate = testEstate({ functions: [testFunction({ type: 'HTTP' })] });
    renderPage(<PlanReview {...noApprovals} view={testPlanView({}, estate)} applyPlan={never} />);
    const panel = within(screen.getByRole('region', { name: 'Preflight' }));
    const passed = panel.getByText(/checks passed$/).closest('details');
    expect(passed?.open).toBe(false);
    const failed = panel.getByText('Event function').closest('details');
    expect(failed).toBeNull();
    expect(panel.getByText('Region').closest('details')).toBe(passed);
    // Both numbers count checks, independently of the number of routes.
    const counted = Number.parseInt(panel.getByText(/^\d+ pass$/).textContent ?? '', 10);
    expect(panel.getByText(`${counted} checks passed`)).toBeTruthy();
  });

  it('links to the run after it was applied', () => {
    renderPage(
      <PlanReview {...noApprovals} view={testPlanView({ runId: RunId.parse('r-9') })} applyPlan={never} />,
    );
    expect(screen.queryByRole('button', { name: 'Apply plan' })).toBeNull();
    expect(screen.getByRole('link', { name: 'Open run' }).getAttribute('href')).toBe('/runs/r-9');
  });

  it('expands every step to its call, with ids that an earlier step creates', () => {
    renderPage(<PlanReview {...noApprovals} tab="changes" view={testPlanView()} applyPlan={never} />);
    const [expand] = screen.getAllByRole('button', { name: 'Expand all' });
    if (expand === undefined) throw new Error('the steps can be expanded');
    fireEvent.click(expand);
    expect(screen.getAllByText('from step 1').length).toBeGreaterThan(0);
    expect(screen.getAllByText('clb:DeregisterFunctionTargets').length).toBeGreaterThan(0);
  });

  it('reports that it is unknown whether the plan was applied when no response arrives, and can be retried', async () => {
    renderPage(
      <PlanReview
        {...noApprovals}
        view={testPlanView()}
        applyPlan={() => Promise.reject(new Error('fetch failed'))}
      />,
    );
    fireEvent.click(screen.getByRole('button', { name: 'Apply plan' }));
    const dialog = within(await screen.findByRole('dialog'));
    fireEvent.click(dialog.getByRole('button', { name: 'Apply plan' }));
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('It is unknown whether the plan was applied.');
    expect(within(alert).getByRole('link', { name: 'Diversions' }).getAttribute('href')).toBe('/diversions');
    expect(dialog.getByRole('button', { name: 'Apply plan' }).getAttribute('aria-busy')).toBeNull();
  });

  it.each([
    ['plan.outdated', {}, 'The estate has changed since this plan was created'],
    ['plan.unplannable', { count: 1 }, 'One object in this plan can no longer be found'],
    ['run.overlap', { run: 'R-0007', object: 'flash.example.co.id' }, 'changes flash.example.co.id now'],
    [
      'run.overlapStopped',
      { run: 'R-0007', object: 'flash.example.co.id' },
      'Run R-0007 is stopped and may still change flash.example.co.id. Continue it, roll it back or leave it as is first.',
    ],
  ])('has a text for %s', async (message, values, words) => {
    renderPage(
      <PlanReview
        {...noApprovals}
        view={testPlanView()}
        applyPlan={async () => err({ fields: {}, form: { message, values } })}
      />,
    );
    fireEvent.click(screen.getByRole('button', { name: 'Apply plan' }));
    const dialog = within(await screen.findByRole('dialog'));
    fireEvent.click(dialog.getByRole('button', { name: 'Apply plan' }));
    expect((await screen.findByRole('alert')).textContent).toContain(words);
  });

  it('cannot be applied while a required fact could not be read, and names it', () => {
    const account = { uin: '100000000001', networkAccountType: null };
    renderPage(
      <PlanReview {...noApprovals} view={testPlanView({}, testEstate({ account }))} applyPlan={never} />,
    );
    const apply = screen.getByRole('button', { name: 'Apply plan' });
    expect(apply.hasAttribute('disabled')).toBe(true);
    const reason = document.getElementById(apply.getAttribute('aria-describedby') ?? '');
    expect(reason?.textContent).toContain('Could not read Account billing.');
  });

  it('lists other unreadable facts before it is applied', async () => {
    const findings = testPlanView().findings.map((finding) =>
      finding.check === 'dns-zone' && finding.objects.length > 0
        ? { ...finding, status: 'unknown' as const, why: 'dns-zone.delegationUnknown' }
        : finding,
    );
    renderPage(<PlanReview {...noApprovals} view={testPlanView({ findings })} applyPlan={never} />);
    fireEvent.click(screen.getByRole('button', { name: 'Apply plan' }));
    const dialog = within(await screen.findByRole('dialog'));
    expect(dialog.getByText('1 fact is unknown and not checked')).toBeTruthy();
    expect(dialog.getByText(/DNS zone:/)).toBeTruthy();
  });

  it.each([
    ['Apply plan', 'Apply this plan?'],
    ['Schedule plan', 'Schedule this plan'],
  ])('lists every warning and acknowledged outage by its text in the dialog of %s', async (button, name) => {
    const [first] = testPlanView().findings;
    if (first === undefined) throw new Error('the plan was checked');
    const warned = {
      ...first,
      check: 'dns-zone',
      status: 'warn',
      values: { zone: 'example.co.id' },
    } as const;
    const lost = { domain: 'flash.example.co.id', listener: 'HTTPS:443', from: 'lb-cvm', name: 'lb-scf' };
    const outage = {
      ...first,
      check: 'still-served',
      status: 'warn',
      why: 'still-served.noListener',
      values: lost,
      acknowledgement: { finding: 'still-served.noListener', domain: lost.domain, loss: 'HTTPS:443 lb-scf' },
      isAcknowledged: true,
    } as const;
    const findings = [{ ...warned, why: 'dns-zone.notDelegated' }, outage];
    renderPage(<PlanReview {...noApprovals} view={testPlanView({ findings })} applyPlan={never} />);
    // The page itself shows both, too.
    expect(screen.getByText('Outage acknowledged for flash.example.co.id')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: button }));
    const dialog = within(await screen.findByRole('dialog', { name }));
    expect(dialog.getByText('1 warning')).toBeTruthy();
    expect(dialog.getByText('Zone example.co.id is not delegated to DNSPod.')).toBeTruthy();
    expect(dialog.getByText('1 acknowledged outage')).toBeTruthy();
    expect(dialog.getByText(/has no such listener/)).toBeTruthy();
    expect(dialog.getByText('Outage acknowledged for flash.example.co.id')).toBeTruthy();
  });

  it('explains how to acknowledge an outage that blocks', () => {
    const [first] = testPlanView().findings;
    if (first === undefined) throw new Error('the plan was checked');
    const acknowledgement = {
      finding: 'websocket.path',
      domain: 'flash.example.co.id',
      loss: '/ws lb-scf',
    } as const;
    const values = { domain: acknowledgement.domain, paths: '/ws', name: 'lb-scf' };
    const outage = { ...first, check: 'websocket', status: 'block', why: 'websocket.path' } as const;
    const findings = [{ ...outage, values, acknowledgement }];
    renderPage(<PlanReview {...noApprovals} view={testPlanView({ findings })} applyPlan={never} />);
    expect(screen.getByText(/acknowledge the outage by typing flash.example.co.id/)).toBeTruthy();
    for (const name of ['Apply plan', 'Schedule plan'])
      expect(screen.getByRole<HTMLButtonElement>('button', { name }).disabled).toBe(true);
  });

  it('shows a finding about both lanes once', () => {
    renderPage(<PlanReview {...noApprovals} view={testPlanView()} applyPlan={never} />);
    expect(screen.getAllByText('Zone example.co.id is in DNSPod')).toHaveLength(1);
  });

  describe('a finding', () => {
    const estate = testEstate({
      loadBalancers: [
        testLoadBalancer('lb-cvm'),
        testLoadBalancer('lb-scf', { region: 'ap-jakarta', vips: ['127.77.1.2'] }),
        testLoadBalancer('lb-new', { vips: ['127.77.1.3'] }),
      ],
      listeners: [testListener('lb-cvm'), testListener('lb-scf'), testListener('lb-new')],
    });
    const view = () => testPlanView({}, estate);
    const nth = () => view().findings.findIndex(({ fix }) => fix?.label === 'useLoadBalancer');

    it('links to its field in the editor, and its fix creates the next revision', async () => {
      const asked: unknown[] = [];
      const fixPlan: FixPlanAction = async (input) => {
        asked.push(input);
        return ok({ planId: PlanId.parse('P-2') });
      };
      const { visited } = renderPage(
        <PlanReview {...noApprovals} view={view()} applyPlan={never} fixPlan={fixPlan} />,
      );
      const panel = within(screen.getByRole('region', { name: 'Preflight' }));
      const [link] = panel.getAllByRole('link', { name: 'Edit flash.example.co.id: Load balancer' });
      expect(link?.getAttribute('href')).toBe(
        '/diversions/new?connection=test&diversion=D-0001&field=routes.1.loadBalancerId',
      );
      const [fix] = panel.getAllByRole('button', { name: 'Use lb-new in ap-singapore' });
      invariant(fix !== undefined, 'the fix is offered');
      fireEvent.click(fix);
      await waitFor(() => expect(visited).toEqual(['/plans/P-2']));
      expect(asked).toEqual([{ planId: 'p-1', finding: nth() }]);
    });

    it('offers neither on a superseded or running revision', () => {
      for (const old of [
        <PlanReview key={1} {...noApprovals} view={view()} applyPlan={never} isSuperseded />,
        <PlanReview
          key={2}
          {...noApprovals}
          view={{ ...view(), runId: RunId.parse('r-9') }}
          applyPlan={never}
        />,
      ]) {
        renderPage(old);
        expect(screen.queryByRole('link', { name: /^Edit / })).toBeNull();
        expect(screen.queryByRole('button', { name: /^Use / })).toBeNull();
        cleanup();
      }
    });
  });
});
