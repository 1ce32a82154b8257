// @vitest-environment happy-dom
import { cleanup, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import type { StopReason } from '@/lib/run/model/model';
import { renderPage } from '@/testing/components/test-page';
import { testRunPlan as plan, testCutover, testRun, testView } from '@/testing/components/test-run';
import { EffectsPanel } from './effects-panel';
import { StoppedBanner } from './stopped-banner';
import { runbookSections } from './stopped-reason';

const write = plan.steps.find((step) => step.kind === 'write');
if (write?.kind !== 'write') throw new Error('the test plan writes something');
const { object, before, after } = write;
const at = '2026-12-11T15:00:05.000Z';

/**
 * One reason of each kind, with the expected text of its banner. A new kind does not compile until it is added here.
 */
const reasons: { readonly [K in StopReason['kind']]: [StopReason & { kind: K }, readonly string[]] } = {
  drift: [
    { kind: 'drift', object, expected: before, found: after },
    ['Someone else changed rule flash.example.co.id/', 'Nothing was overwritten.', 'Expected', 'No rule'],
  ],
  notEffective: [
    { kind: 'notEffective', object, expected: after, found: before },
    ['is not as expected', 'the object was read back in a different state', 'Found', 'No rule'],
  ],
  cloudError: [
    {
      kind: 'cloudError',
      settled: false,
      error: {
        code: 'Network.Timeout',
        message: 'No answer within 10 s.',
        requestId: null,
        action: 'CreateRule',
        region: 'ap-singapore',
        mayHaveHappened: true,
        advice: 'readBack',
      },
    },
    [
      'The cloud returned an error for CreateRule.',
      'may have taken effect',
      'Network.Timeout',
      'none, no answer received',
    ],
  ],
  probeFailed: [
    {
      kind: 'probeFailed',
      answer: {
        passed: false,
        address: '127.77.1.2:80',
        status: '502',
        body: 'no backend',
        latencyMs: 12,
        failure: 'Status 502 instead of 200.',
      },
    },
    ['A probe got an unexpected answer.', 'Status 502 instead of 200.', '127.77.1.2:80', 'no backend'],
  ],
  internal: [
    { kind: 'internal', message: 'Invariant broken: a step has an object' },
    [
      'An internal error in Spillway stopped the run.',
      'Nothing more is written. Continue',
      'See the log for details.',
      'Invariant broken: a step has an object',
    ],
  ],
  guard: [
    {
      kind: 'guard',
      breach: {
        guard: { measure: 'latency', limit: 5000, forS: 30, outcome: 'stop' },
        value: 7312.4,
        since: '2026-12-11T14:59:30.000Z',
      },
    },
    ['Slowest probe is 7,312 ms, above 5,000 ms.', 'longer than the 30 s', 'Traffic stays where it is.'],
  ],
  invalid: [
    {
      kind: 'invalid',
      problems: [
        { kind: 'frozen', values: { freeze: '12.12 sale' } },
        { kind: 'blocked', values: { count: 1, check: 'dns-zone' } },
      ],
    },
    ["can't run now", '“12.12 sale” covers this time', 'A check blocks this plan: DNS zone.'],
  ],
};

afterEach(cleanup);

it.each(Object.values(reasons))('shows why a run is stopped: $kind', (reason, words) => {
  const run = testRun({ state: 'stopped', endedAt: at, stopped: { at, stepId: write.id, reason } });
  renderPage(<StoppedBanner run={run} />);
  const text = screen.getByRole('alert').textContent;
  for (const word of words) expect(text).toContain(word);
});

it.each([
  ['RegisterFunctionTargets', 'UnauthorizedOperation', true],
  ['RegisterFunctionTargets', 'FailedOperation', true],
  ['ModifyFunctionTargets', 'FailedOperation', true],
  ['RegisterFunctionTargets', 'FailedOperation.ResourceInOperating', false],
  ['RegisterTargets', 'UnauthorizedOperation', false],
])('shows for %s refused with %s whether the beta access may be missing: %s', (action, code, isSaid) => {
  const error = {
    action,
    code,
    message: 'no',
    requestId: 'q1',
    region: null,
    mayHaveHappened: false,
  } as const;
  const reason = { kind: 'cloudError', settled: true, error: { ...error, advice: 'giveUp' } } as const;
  renderPage(
    <StoppedBanner run={testRun({ state: 'stopped', stopped: { at, stepId: write.id, reason } })} />,
  );
  const link = screen.queryByRole('link', { name: 'a ticket' });
  expect(link?.getAttribute('href') ?? null).toBe(
    isSaid ? 'https://console.cloud.tencent.com/workorder/category' : null,
  );
});

it.each(Object.values(reasons).map(([reason]) => reason))(
  'shows what to do when stopped by $kind, and links to the runbook',
  (reason) => {
    renderPage(<StoppedBanner run={testRun({ state: 'stopped', stopped: { at, stepId: null, reason } })} />);
    const link = screen.getByRole('link', { name: 'Open the runbook' });
    expect(link.getAttribute('href')).toBe(`/runbook#${runbookSections[reason.kind]}`);
    expect(link.parentElement?.previousElementSibling?.textContent).toBe('What to do');
    expect(link.parentElement?.textContent?.length).toBeGreaterThan(40);
  },
);

it('shows when a rollback that the cloud refuses is tried again', () => {
  const [reason] = reasons.cloudError;
  const stopped = { at, stepId: write.id, reason, retry: { tries: 3, at } };
  renderPage(<StoppedBanner run={testRun({ state: 'stopped', stopped })} />);
  expect(screen.getByRole('alert').textContent).toMatch(
    /Failed 3 times\. The rollback is tried again at .*15:00:05 UTC/,
  );
});

it('reports that it rolls back automatically at T1 after a write, in the time zone of the cutover', () => {
  const reason = { kind: 'internal', message: 'x' } as const;
  const apply = plan.steps.map((step, index) => testView(step, index === 0 ? 'done' : 'todo'));
  const stopped = { state: 'stopped', cutover: testCutover, stopped: { at, stepId: null, reason } } as const;
  const { unmount } = renderPage(<StoppedBanner run={testRun({ ...stopped, apply })} />);
  expect(screen.getByRole('alert').textContent).toMatch(
    /At T1, .*02:00:00 WIB, the run rolls back automatically/,
  );
  unmount();
  renderPage(<StoppedBanner run={testRun(stopped)} />);
  expect(screen.getByRole('alert').textContent).not.toContain('T1');
});

it('lists a write whose outcome is unknown as possibly applied, between the applied and the other writes', () => {
  const apply = plan.steps.map((step) =>
    step.id === write.id ? testView(step, 'failed', { mayBeApplied: true }) : testView(step, 'todo'),
  );
  const reason = { kind: 'internal', message: 'x' } as const;
  renderPage(
    <EffectsPanel run={testRun({ state: 'stopped', stopped: { at, stepId: write.id, reason }, apply })} />,
  );
  const listed = (title: string) => screen.getByRole('heading', { level: 3, name: title }).parentElement;
  expect(listed('May be applied')?.querySelectorAll('li')).toHaveLength(1);
  expect(listed('Applied')?.textContent).toContain('none');
  const writes = plan.steps.filter(({ kind }) => kind === 'write');
  expect(listed('Not applied')?.querySelectorAll('li')).toHaveLength(writes.length - 1);
});
